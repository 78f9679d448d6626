import {
  NO_REQUEST_WEBHOOK,
  type RequestWebhookValues,
  requestWebhookErrors,
  requestWebhookField,
  requestWebhookOf,
} from "@/components/workflows/request-webhook-values";
import type { Topology } from "@/lib/contracts/availability";
import { checkBooking, gridMs } from "@/lib/contracts/booking-rules";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import type { FieldError } from "@/lib/contracts/problem";
import { createReservationBody } from "@/lib/contracts/reservations";
import type { CreateReservationInput } from "@/store/reservations-api";
import type { BookingDraft } from "./booking-dialog";
import type { AskedTime } from "./offer-words";
import { momentWords } from "./time-words";
import { fieldsAt, readMoment, type WallFields } from "./wall-fields";

/** The form for a booking at a known time, as it is typed. */
export type BookingValues = RequestWebhookValues & {
  /** `pool:<id>`, `type:<id>`, or "" while nothing is chosen. */
  place: string;
  gpu_count: string;
  start: WallFields;
  end: WallFields;
  topology: Topology;
  title: string;
  config: string;
  environment: string;
  pinned: boolean;
  snapshot_at_end: boolean;
  /** Hold it first and confirm it later. */
  hold: boolean;
};

export type BookingField = Exclude<keyof BookingValues, "pinned" | "snapshot_at_end" | "hold">;
export type BookingErrors = Partial<Record<BookingField, string>>;

export type BookingWorld = { zone: string; pools: readonly Pool[]; types: readonly GpuType[]; now: Date };

export type BookingReading = {
  errors: BookingErrors;
  /** What POST reservations gets; null while something is wrong. */
  body: CreateReservationInput | null;
  /** As far as it is clear, for saying how offers differ. */
  asked: AskedTime | null;
  /** The pool, when one is named. */
  pool: Pool | null;
};

const HOUR_MS = 3_600_000;
const DEFAULT_LENGTH_MS = 24 * HOUR_MS;

/** The form as it opens: what the draft says, else the next full hour for a day. */
export function startingValues(draft: BookingDraft, { zone, pools, now }: BookingWorld): BookingValues {
  const open = pools.filter((pool) => pool.open);
  const pool = pools.find(({ id }) => id === draft.poolId) ?? (open.length === 1 ? open[0] : undefined);
  const grid = Math.max(pool === undefined ? HOUR_MS : gridMs(pool), HOUR_MS);
  const start = draft.startsAt === undefined ? Math.ceil(now.getTime() / grid) * grid : Date.parse(draft.startsAt);
  const end = draft.endsAt === undefined ? start + DEFAULT_LENGTH_MS : Date.parse(draft.endsAt);
  return {
    place: pool === undefined ? "" : `pool:${pool.id}`,
    gpu_count: String(draft.gpuCount ?? 1),
    start: fieldsAt(start, zone),
    end: fieldsAt(end, zone),
    topology: "any",
    title: "",
    config: "",
    environment: "",
    pinned: false,
    snapshot_at_end: false,
    hold: false,
    ...NO_REQUEST_WEBHOOK,
  };
}

/** What the form means, and what is wrong with it: by the same rules as the server, for the zone of its clock. */
export function readBooking(values: BookingValues, world: BookingWorld): BookingReading {
  const errors: BookingErrors = { ...requestWebhookErrors(values) };
  const { zone, pools, types, now } = world;
  const [kind, placeId] = splitPlace(values.place);
  const pool = kind === "pool" ? (pools.find(({ id }) => id === placeId) ?? null) : null;
  const type = kind === "type" ? types.find(({ id }) => id === placeId) : undefined;
  if (pool === null && type === undefined) errors.place = "Choose a pool or a GPU type";
  const count = readCount(values.gpu_count);
  if (count === null) errors.gpu_count = "Enter a whole number of GPUs, 1 or more";
  const start = readMoment(values.start, zone);
  const end = readMoment(values.end, zone);
  if (start.kind !== "moment") errors.start = start.message;
  if (end.kind !== "moment") errors.end = end.message;
  const isClear = count !== null && start.kind === "moment" && end.kind === "moment";
  if (!isClear) return { errors, body: null, asked: null, pool };

  const segment = {
    starts_at: new Date(start.at).toISOString(),
    ends_at: new Date(end.at).toISOString(),
    gpu_count: count,
  };
  const asked: AskedTime = {
    gpuCount: count,
    startsAt: start.at,
    endsAt: end.at,
    lengthMs: end.at - start.at,
    topology: values.topology,
    ...(pool === null ? { gpuType: type?.name } : { poolId: pool.id, gpuType: pool.gpu_type.name }),
  };
  if (pool !== null) {
    placeFieldErrors(errors, checkBooking(pool, [segment], now, { topology: values.topology }), zone);
  } else if (end.at <= start.at) {
    errors.end = "Give an end after the start";
  }
  const body = {
    ...(pool === null ? { gpu_type: type?.id ?? "" } : { pool_id: pool.id }),
    ...segment,
    topology: values.topology,
    title: values.title,
    pinned: values.pinned,
    snapshot_at_end: values.snapshot_at_end,
    ...(values.config.trim() === "" ? {} : { config: values.config.trim() }),
    ...(values.environment.trim() === "" ? {} : { environment: values.environment.trim() }),
    hold: values.hold,
    ...requestWebhookOf(values),
  };
  const parsed = createReservationBody.safeParse(body);
  if (!parsed.success) {
    const refused = parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
    placeFieldErrors(errors, refused, zone);
  }
  return {
    errors,
    body: Object.keys(errors).length === 0 ? body : null,
    asked: end.at > start.at ? asked : null,
    pool,
  };
}

/** Puts the API's errors beside the form's fields; the first of each field stays. Returns those that have no field. */
export function placeFieldErrors(errors: BookingErrors, refused: readonly FieldError[], zone: string): FieldError[] {
  return refused.filter(({ field, message }) => {
    const own = fieldOf(field);
    if (own !== null && errors[own] === undefined) errors[own] = inZone(message, zone);
    return own === null;
  });
}

/** The form's field that an error of the API is about. */
export function fieldOf(field: string): BookingField | null {
  const name = field.replace(/^segments\[\d+\]\./, "");
  if (name === "pool_id" || name === "gpu_type") return "place";
  if (name === "starts_at" || name.startsWith("segments")) return "start";
  if (name === "ends_at") return "end";
  const ofWebhook = requestWebhookField(name);
  if (ofWebhook !== null) return ofWebhook;
  const own = ["gpu_count", "topology", "title", "config", "environment"] as const;
  return own.find((known) => known === name) ?? null;
}

/** A message of the rules, with its times as the clock of the zone shows them. */
export function inZone(message: string, zone: string): string {
  return message
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z/g, (iso) => momentWords(Date.parse(iso), zone))
    .replace(/\bstarts_at, ends_at and gpu_count\b/g, "a start, an end and a number of GPUs");
}

/** null for what is no whole number above 0. */
export function readCount(text: string): number | null {
  return /^\d{1,6}$/.test(text.trim()) && Number(text) > 0 ? Number(text) : null;
}

export function splitPlace(place: string): [kind: "pool" | "type" | "", id: string] {
  const at = place.indexOf(":");
  const kind = place.slice(0, Math.max(at, 0));
  return kind === "pool" || kind === "type" ? [kind, place.slice(at + 1)] : ["", ""];
}
