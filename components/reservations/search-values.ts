import type { searchAvailability } from "@/lib/contracts/availability";
import { BOOKING_LIMITS, searchBody } from "@/lib/contracts/availability";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import type { BodyInput } from "@/lib/contracts/operation";
import type { BookingDraft } from "./booking-dialog";
import { inZone, readCount, splitPlace } from "./booking-values";
import { fieldsAt, momentOf, NO_MOMENT, readMoment, type WallFields } from "./wall-fields";

export type SearchInput = BodyInput<typeof searchAvailability>;

/** The form of a search, as it is typed. */
export type SearchValues = {
  /** `any:`, `pool:<id>` or `type:<id>`. */
  place: string;
  gpu_count: string;
  length: string;
  unit: "hours" | "days";
  not_before: WallFields;
  finish_by: WallFields;
  topology: "any" | "single_node" | "prefer_single_node";
};

export type SearchErrors = Partial<Record<Exclude<keyof SearchValues, "unit">, string>>;
export type SearchReading = { errors: SearchErrors; body: SearchInput | null };
type SearchWorld = { zone: string; pools: readonly Pool[]; types: readonly GpuType[]; now: Date };

const NEW_SEARCH: SearchValues = {
  place: "any:",
  gpu_count: "8",
  length: "24",
  unit: "hours",
  not_before: NO_MOMENT,
  finish_by: NO_MOMENT,
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
    ...(poolId !== undefined && { place: `pool:${poolId}` }),
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
  return { ...values, not_before: move(values.not_before), finish_by: move(values.finish_by) };
}

const UNIT_MINUTES = { hours: 60, days: 1440 } as const;

/** What the form asks for, and what is wrong with it. */
export function readSearch(values: SearchValues, { zone, types, now }: SearchWorld): SearchReading {
  const errors: SearchErrors = {};
  const [kind, id] = splitPlace(values.place);
  const type = kind === "type" ? types.find((known) => known.id === id) : undefined;
  if (kind === "type" && type === undefined) errors.place = "Choose a GPU type";
  const count = readCount(values.gpu_count);
  if (count === null) errors.gpu_count = "Enter a whole number of GPUs, 1 or more";
  else if (count > BOOKING_LIMITS.gpus) errors.gpu_count = `One booking has at most ${BOOKING_LIMITS.gpus} GPUs`;
  const minutes = readLength(values.length, values.unit);
  if (minutes === null) errors.length = `Enter a number of ${values.unit}, such as 24 or 1.5`;
  const notBefore = readOptional(values.not_before, zone);
  const finishBy = readOptional(values.finish_by, zone);
  if (typeof notBefore === "string") errors.not_before = notBefore;
  if (typeof finishBy === "string") errors.finish_by = finishBy;
  const from = typeof notBefore === "number" ? notBefore : now.getTime();
  if (typeof finishBy === "number" && errors.not_before === undefined) {
    if (finishBy <= from) errors.finish_by = "Give an end that is after the earliest start";
    else if (minutes !== null && finishBy - from < minutes * 60_000) {
      errors.finish_by = `There is less time until then than the ${values.length} ${values.unit} that are wanted`;
    }
  }
  if (count === null || minutes === null || Object.keys(errors).length > 0) return { errors, body: null };
  const body: SearchInput = {
    ...(kind === "pool" && { pool_ids: [id] }),
    ...(type !== undefined && { gpu_type: type.id }),
    gpu_count: count,
    duration_minutes: minutes,
    ...(typeof notBefore === "number" && {
      not_before: new Date(notBefore).toISOString(),
      near: new Date(notBefore).toISOString(),
    }),
    ...(typeof finishBy === "number" && { finish_by: new Date(finishBy).toISOString() }),
    topology: values.topology,
  };
  const parsed = searchBody.safeParse(body);
  if (parsed.success) return { errors, body };
  placeSearchErrors(
    errors,
    parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message })),
    zone,
  );
  return { errors, body: null };
}

/** Puts the API's errors beside the form's fields; returns whether each has one. */
export function placeSearchErrors(
  errors: SearchErrors,
  refused: readonly { field: string; message: string }[],
  zone: string,
): boolean {
  const names: Readonly<Record<string, keyof SearchErrors>> = {
    gpu_type: "place",
    gpu_count: "gpu_count",
    duration_minutes: "length",
    not_before: "not_before",
    near: "not_before",
    finish_by: "finish_by",
    topology: "topology",
  };
  let all = true;
  for (const { field, message } of refused) {
    const own = field.startsWith("pool_ids") ? "place" : names[field];
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
