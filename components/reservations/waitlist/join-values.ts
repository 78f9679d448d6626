import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import type { FieldError } from "@/lib/contracts/problem";
import { joinWaitlistBody } from "@/lib/contracts/waitlist";
import type { JoinInput } from "@/store/waitlist-api";
import { readCount, splitPlace } from "../booking-values";
import { fieldsAt, NO_MOMENT, readMoment, type WallFields } from "../wall-fields";

/** The form to join the waiting list, as it is typed. */
export type JoinValues = {
  /** `pool:<id>`, `type:<id>`, or "" while nothing is chosen. */
  place: string;
  gpuCount: string;
  hours: string;
  /** Whether a start before `notBefore` or an end after `finishBy` is no use. */
  hasStart: boolean;
  notBefore: WallFields;
  hasEnd: boolean;
  finishBy: WallFields;
  topology: NonNullable<JoinInput["topology"]>;
  days: string;
};

export type JoinField = "place" | "gpuCount" | "hours" | "notBefore" | "finishBy" | "topology" | "days";
export type JoinErrors = Partial<Record<JoinField, string>>;

export const WAIT_DAYS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
];

const HOUR_MINUTES = 60;
const DAY_MS = 86_400_000;

export function startingValues(criteria: Partial<JoinInput>, zone: string): JoinValues {
  const [poolId] = criteria.pool_ids ?? [];
  const { not_before, finish_by, duration_minutes, gpu_count, gpu_type, topology } = criteria;
  return {
    place: poolId !== undefined ? `pool:${poolId}` : gpu_type !== undefined ? `type:${gpu_type}` : "",
    gpuCount: String(gpu_count ?? 1),
    hours: String((duration_minutes ?? 24 * HOUR_MINUTES) / HOUR_MINUTES),
    hasStart: not_before !== undefined,
    notBefore: not_before === undefined ? NO_MOMENT : fieldsAt(Date.parse(not_before), zone),
    hasEnd: finish_by !== undefined,
    finishBy: finish_by === undefined ? NO_MOMENT : fieldsAt(Date.parse(finish_by), zone),
    topology: topology ?? "any",
    days: "30",
  };
}

/** What the form means, or what is wrong with it. */
export function readJoin(
  values: JoinValues,
  { zone, now }: { zone: string; now: Date },
): { body: JoinInput | null; errors: JoinErrors } {
  const errors: JoinErrors = {};
  const [kind, placeId] = splitPlace(values.place);
  if (kind === "") errors.place = "Choose a pool or a GPU type";
  const count = readCount(values.gpuCount);
  if (count === null || count > BOOKING_LIMITS.gpus) {
    errors.gpuCount = `Enter a whole number from 1 to ${BOOKING_LIMITS.gpus}`;
  }
  const minutes = Math.round(Number(values.hours) * HOUR_MINUTES);
  if (!(minutes >= 1 && minutes <= 1_000_000)) errors.hours = "Enter how many hours, such as 24 or 1.5";
  const notBefore = values.hasStart ? readMoment(values.notBefore, zone) : null;
  const finishBy = values.hasEnd ? readMoment(values.finishBy, zone) : null;
  if (notBefore !== null && notBefore.kind !== "moment") errors.notBefore = notBefore.message;
  if (finishBy !== null && finishBy.kind !== "moment") errors.finishBy = finishBy.message;
  const from = notBefore?.kind === "moment" ? notBefore.at : null;
  const to = finishBy?.kind === "moment" ? finishBy.at : null;
  if (to !== null && errors.hours === undefined && to - Math.max(from ?? 0, now.getTime()) < minutes * 60_000) {
    errors.finishBy ??= "It does not fit in: give a later time, or fewer hours";
  }
  if (Object.keys(errors).length > 0) return { body: null, errors };
  const body = {
    ...(kind === "pool" ? { pool_ids: [placeId] } : { gpu_type: placeId }),
    gpu_count: count ?? 1,
    duration_minutes: minutes,
    ...(from === null ? {} : { not_before: new Date(from).toISOString() }),
    ...(to === null ? {} : { finish_by: new Date(to).toISOString() }),
    topology: values.topology,
    until: new Date(now.getTime() + Number(values.days) * DAY_MS).toISOString(),
  };
  return joinWaitlistBody.safeParse(body).success
    ? { body, errors }
    : { body: null, errors: { days: "Choose how long" } };
}

const FIELDS: Readonly<Record<string, JoinField>> = {
  gpu_type: "place",
  pool_ids: "place",
  gpu_count: "gpuCount",
  duration_minutes: "hours",
  not_before: "notBefore",
  finish_by: "finishBy",
  topology: "topology",
  until: "days",
};

/** The API's errors beside the form's fields. */
export function placeErrors(refused: readonly FieldError[]): JoinErrors {
  const errors: JoinErrors = {};
  for (const { field, message } of refused) {
    const own = FIELDS[field.replace(/\[.*$/, "")];
    if (own !== undefined) errors[own] ??= message;
  }
  return errors;
}
