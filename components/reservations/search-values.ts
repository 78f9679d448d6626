import type { searchAvailability } from "@/lib/contracts/availability";
import { BOOKING_LIMITS, searchBody } from "@/lib/contracts/availability";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import type { BodyInput } from "@/lib/contracts/operation";
import type { BookingDraft } from "./booking-dialog";
import { inZone, readCount } from "./booking-values";
import { fieldsAt, momentOf, NO_MOMENT, readMoment, type WallFields } from "./wall-fields";

export type SearchInput = BodyInput<typeof searchAvailability>;

/** Of a choice: whatever there is. */
export const ANY = "any";

/** The form of a search, as it is typed. */
export type SearchValues = {
  /** The id of a GPU type, or ANY. */
  type: string;
  /** `pool:<id>`, `region:<name>` or ANY. */
  where: string;
  gpu_count: string;
  length: string;
  unit: "hours" | "days";
  not_before: WallFields;
  finish_by: WallFields;
  /** The start that would be best. */
  near: WallFields;
  topology: "any" | "single_node" | "prefer_single_node";
};

export type SearchErrors = Partial<Record<Exclude<keyof SearchValues, "unit">, string>>;
export type SearchReading = { errors: SearchErrors; body: SearchInput | null };
type SearchWorld = { zone: string; pools: readonly Pool[]; types: readonly GpuType[]; now: Date };

export const NEW_SEARCH: SearchValues = {
  type: ANY,
  where: ANY,
  gpu_count: "8",
  length: "24",
  unit: "hours",
  not_before: NO_MOMENT,
  finish_by: NO_MOMENT,
  near: NO_MOMENT,
  topology: "any",
};

/** The search as it opens: what was drawn on the calendar, as far as it fits here. */
export function startingSearch(
  { poolId, gpuCount, startsAt, endsAt, finishBy }: BookingDraft,
  zone: string,
): SearchValues {
  const length = startsAt !== undefined && endsAt !== undefined ? Date.parse(endsAt) - Date.parse(startsAt) : 0;
  return {
    ...NEW_SEARCH,
    ...(poolId !== undefined && { where: `pool:${poolId}` }),
    ...(gpuCount !== undefined && { gpu_count: String(gpuCount) }),
    ...(length > 0 && lengthFields(Math.round(length / 60_000))),
    not_before: momentFields(startsAt, zone),
    finish_by: momentFields(finishBy, zone),
  };
}

/** The same moments by the clock of another zone; what is not clear stays as it is typed. */
export function inOtherZone(values: SearchValues, zone: string, next: string): SearchValues {
  const move = (fields: WallFields) => {
    const at = momentOf(fields, zone);
    return at === null ? fields : fieldsAt(at, next);
  };
  return { ...values, not_before: move(values.not_before), finish_by: move(values.finish_by), near: move(values.near) };
}

const MOMENTS = ["not_before", "finish_by", "near"] as const;
const UNIT_MINUTES = { hours: 60, days: 1440 } as const;

/** What the form asks for, and what is wrong with it. */
export function readSearch(values: SearchValues, { zone, pools, types, now }: SearchWorld): SearchReading {
  const errors: SearchErrors = {};
  const isKnown = values.type === ANY || types.some(({ id }) => id === values.type);
  if (!isKnown) errors.type = "Choose a GPU type";
  const poolIds = poolsOf(values.where, pools);
  if (poolIds !== null && poolIds.length === 0) errors.where = "Choose a pool or a region";
  const count = readCount(values.gpu_count);
  if (count === null) errors.gpu_count = "Enter a whole number of GPUs, 1 or more";
  else if (count > BOOKING_LIMITS.gpus) errors.gpu_count = `One booking has at most ${BOOKING_LIMITS.gpus} GPUs`;
  const minutes = readLength(values.length, values.unit);
  if (minutes === null) errors.length = `Enter a number of ${values.unit}, such as 24 or 1.5`;
  const moments = { not_before: 0, finish_by: 0, near: 0 };
  const body: Partial<SearchInput> = {};
  for (const name of MOMENTS) {
    const moment = readOptional(values[name], zone);
    if (typeof moment === "string") errors[name] = moment;
    if (typeof moment !== "number") continue;
    moments[name] = moment;
    body[name] = new Date(moment).toISOString();
  }
  const from = Math.max(moments.not_before, now.getTime());
  if (body.finish_by !== undefined && errors.not_before === undefined) {
    if (moments.finish_by <= from) errors.finish_by = "Give an end that is after the earliest start";
    else if (minutes !== null && moments.finish_by - from < minutes * 60_000) {
      errors.finish_by = `There is less time until then than the ${values.length} ${values.unit} that are wanted`;
    }
  }
  if (count === null || minutes === null || Object.keys(errors).length > 0) return { errors, body: null };
  const wanted: SearchInput = {
    ...(values.type !== ANY && { gpu_type: values.type }),
    ...(poolIds !== null && { pool_ids: poolIds }),
    gpu_count: count,
    duration_minutes: minutes,
    ...body,
    // Who says when it may start at the earliest, would like it then.
    ...(body.near === undefined && body.not_before !== undefined && { near: body.not_before }),
    topology: values.topology,
  };
  const parsed = searchBody.safeParse(wanted);
  if (parsed.success) return { errors, body: wanted };
  placeSearchErrors(
    errors,
    parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message })),
    zone,
  );
  return { errors, body: null };
}

/** The fields for where, from the pools that were named: one, or all of a region. */
export function whereOf(poolIds: readonly string[], pools: readonly Pool[]): string {
  const [only] = poolIds;
  if (only === undefined) return ANY;
  if (poolIds.length === 1) return `pool:${only}`;
  const region = pools.find(({ id }) => id === only)?.region;
  return region === undefined ? ANY : `region:${region}`;
}

/** The ids that a choice of where means; null for any. */
function poolsOf(where: string, pools: readonly Pool[]): string[] | null {
  if (where === ANY) return null;
  const name = where.slice(where.indexOf(":") + 1);
  const meant = pools.filter(({ id, region }) => (where.startsWith("pool:") ? id === name : region === name));
  return meant.map(({ id }) => id);
}

/** Puts the API's errors beside the form's fields; returns whether each has one. */
export function placeSearchErrors(
  errors: SearchErrors,
  refused: readonly { field: string; message: string }[],
  zone: string,
): boolean {
  const names: Readonly<Record<string, keyof SearchErrors>> = {
    gpu_type: "type",
    gpu_count: "gpu_count",
    duration_minutes: "length",
    not_before: "not_before",
    near: "near",
    finish_by: "finish_by",
    topology: "topology",
  };
  let all = true;
  for (const { field, message } of refused) {
    const own = field.startsWith("pool_ids") ? "where" : names[field];
    if (own === undefined) all = false;
    else errors[own] ??= inZone(message, zone);
  }
  return all;
}

/** The fields for a length in minutes: in days where it is four whole ones or more. */
export function lengthFields(minutes: number): Pick<SearchValues, "length" | "unit"> {
  const days = minutes / UNIT_MINUTES.days;
  if (Number.isInteger(days) && days >= 4) return { length: String(days), unit: "days" };
  return { length: String(Math.round((minutes / UNIT_MINUTES.hours) * 100) / 100), unit: "hours" };
}

/** The fields for an optional moment, ISO 8601. */
export function momentFields(iso: string | undefined, zone: string): WallFields {
  return iso === undefined ? NO_MOMENT : fieldsAt(Date.parse(iso), zone);
}

/** Whole minutes; null for what is no length above 0. */
function readLength(text: string, unit: SearchValues["unit"]): number | null {
  if (!/^\d{1,5}(?:[.,]\d{1,2})?$/.test(text.trim())) return null;
  const minutes = Math.round(Number(text.replace(",", ".")) * UNIT_MINUTES[unit]);
  return minutes > 0 ? minutes : null;
}

/** Unix ms; null when nothing is entered; else what is wrong. */
function readOptional(fields: WallFields, zone: string): number | string | null {
  if (fields.date === "" && fields.time === "") return null;
  const reading = readMoment(fields.time === "" ? { ...fields, time: "00:00" } : fields, zone);
  return reading.kind === "moment" ? reading.at : reading.message;
}
