import { checkBooking } from "@/lib/contracts/booking-rules";
import type { Pool } from "@/lib/contracts/fleet";
import type { Reservation } from "@/lib/contracts/reservations";
import { updateReservationBody } from "@/lib/contracts/reservations";
import type { UpdateReservationInput } from "@/store/reservations-api";
import { type BookingErrors, placeFieldErrors, readCount, splitPlace } from "./booking-values";
import type { ReservationChangeDraft } from "./change-dialog";
import type { AskedTime } from "./offer-words";
import { fieldsAt, readMoment, type WallFields } from "./wall-fields";

/** The form for a change of a reservation, as it is typed. */
export type ChangeValues = {
  /** `pool:<id>` */
  place: string;
  gpu_count: string;
  start: WallFields;
  end: WallFields;
  title: string;
  config: string;
  environment: string;
  pinned: boolean;
  snapshot_at_end: boolean;
};

export type ChangeWorld = { zone: string; pools: readonly Pool[]; now: Date };

export type ChangeReading = {
  errors: BookingErrors;
  /** What PATCH gets: only what differs, with the version. null while something is wrong or nothing differs. */
  body: UpdateReservationInput | null;
  isSame: boolean;
  asked: AskedTime | null;
};

/** The form as it opens: the reservation with what was dragged or asked for. */
export function changeValues(reservation: Reservation, draft: ReservationChangeDraft, zone: string): ChangeValues {
  return {
    place: `pool:${draft.poolId ?? reservation.pool_id}`,
    gpu_count: String(draft.gpuCount ?? reservation.gpu_count),
    start: fieldsAt(Date.parse(draft.startsAt ?? reservation.starts_at), zone),
    end: fieldsAt(Date.parse(draft.endsAt ?? reservation.ends_at), zone),
    title: reservation.title,
    config: reservation.config ?? "",
    environment: reservation.environment ?? "",
    pinned: reservation.pinned,
    snapshot_at_end: reservation.snapshot_at_end,
  };
}

/** What the form asks for and what is wrong with it, by the rules of the pool that it is to be in. */
export function readChange(values: ChangeValues, reservation: Reservation, world: ChangeWorld): ChangeReading {
  const { zone, pools, now } = world;
  const errors: BookingErrors = {};
  const [, poolId] = splitPlace(values.place);
  const pool = pools.find(({ id }) => id === poolId) ?? null;
  const count = readCount(values.gpu_count);
  if (count === null) errors.gpu_count = "Enter a whole number of GPUs, 1 or more";
  const start = readMoment(values.start, zone);
  const end = readMoment(values.end, zone);
  if (start.kind !== "moment") errors.start = start.message;
  if (end.kind !== "moment") errors.end = end.message;
  if (count === null || start.kind !== "moment" || end.kind !== "moment") {
    return { errors, body: null, isSame: false, asked: null };
  }
  const hasStarted = reservation.status === "active";
  const startsAt = hasStarted ? Date.parse(reservation.starts_at) : start.at;
  const wanted = {
    starts_at: new Date(startsAt).toISOString(),
    ends_at: new Date(end.at).toISOString(),
    gpu_count: count,
  };
  const body: UpdateReservationInput = {
    version: reservation.version,
    ...(poolId !== reservation.pool_id && { pool_id: poolId }),
    ...(startsAt !== Date.parse(reservation.starts_at) && { starts_at: wanted.starts_at }),
    ...(end.at !== Date.parse(reservation.ends_at) && { ends_at: wanted.ends_at }),
    ...(count !== reservation.gpu_count && { gpu_count: count }),
    ...(values.title.trim() !== reservation.title && { title: values.title.trim() }),
    ...(values.pinned !== reservation.pinned && { pinned: values.pinned }),
    ...(values.snapshot_at_end !== reservation.snapshot_at_end && { snapshot_at_end: values.snapshot_at_end }),
    ...differing("config", values.config, reservation.config),
    ...differing("environment", values.environment, reservation.environment),
  };
  const isSame = Object.keys(body).length === 1;
  const touchesTime = ["pool_id", "starts_at", "ends_at", "gpu_count"].some((name) => name in body);
  if (pool !== null && touchesTime) {
    // A closed pool keeps what it has: only coming into it is refused.
    const open = pool.open || pool.id === reservation.pool_id;
    const options = { startFixed: hasStarted, topology: reservation.topology };
    placeFieldErrors(errors, checkBooking({ ...pool, open }, [wanted], now, options), zone);
  }
  const parsed = updateReservationBody.safeParse(body);
  if (!parsed.success) {
    const refused = parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
    placeFieldErrors(errors, refused, zone);
  }
  const asked: AskedTime = {
    gpuCount: count,
    startsAt,
    endsAt: end.at,
    lengthMs: end.at - startsAt,
    topology: reservation.topology,
    poolId,
    gpuType: pool?.gpu_type.name,
  };
  const isRight = Object.keys(errors).length === 0;
  return { errors, body: isRight && !isSame ? body : null, isSame, asked: end.at > startsAt ? asked : null };
}

function differing(name: "config" | "environment", text: string, now: string | null) {
  const next = text.trim() === "" ? null : text.trim();
  return next === now ? {} : { [name]: next };
}
