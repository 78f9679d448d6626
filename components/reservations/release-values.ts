import { gridMs } from "@/lib/contracts/booking-rules";
import type { Pool } from "@/lib/contracts/fleet";
import type { Reservation } from "@/lib/contracts/reservations";
import type { ReleaseInput } from "@/store/reservations-api";
import { readCount } from "./booking-values";
import { mostWithin } from "./shape";
import { momentWords } from "./time-words";
import { fieldsAt, readMoment, type WallFields } from "./wall-fields";

/** The form for giving a part back: so many GPUs from a time to another. */
export type ReleaseValues = { gpu_count: string; start: WallFields; end: WallFields };
export type ReleaseErrors = Partial<Record<keyof ReleaseValues, string>>;
export type ReleaseReading = { errors: ReleaseErrors; body: ReleaseInput | null };

type ReleaseWorld = { zone: string; now: Date; pool: Pick<Pool, "granularity_minutes"> | null };

/** The first moment from which something can still be given back, in Unix ms: what has passed is used. */
export function releasableFrom({ starts_at }: Pick<Reservation, "starts_at">, { now, pool }: ReleaseWorld): number {
  const grid = pool === null ? 1 : gridMs(pool);
  return Math.max(Date.parse(starts_at), Math.ceil(now.getTime() / grid) * grid);
}

/** A part of a reservation, as it was marked on a screen; times are ISO 8601. */
export type ReleasePart = { startsAt: string; endsAt: string; gpuCount: number };

/** The part that was marked, as far as it is still to come; without one, one GPU for all the time that is left. */
export function releaseValues(reservation: Reservation, world: ReleaseWorld, part?: ReleasePart): ReleaseValues {
  const first = releasableFrom(reservation, world);
  return {
    gpu_count: String(part?.gpuCount ?? 1),
    start: fieldsAt(part ? Math.max(Date.parse(part.startsAt), first) : first, world.zone),
    end: fieldsAt(Date.parse(part?.endsAt ?? reservation.ends_at), world.zone),
  };
}

/** What the form means, and what is wrong with it. */
export function readRelease(values: ReleaseValues, reservation: Reservation, world: ReleaseWorld): ReleaseReading {
  const { zone, now, pool } = world;
  const errors: ReleaseErrors = {};
  const count = readCount(values.gpu_count);
  if (count === null) errors.gpu_count = "Enter a whole number of GPUs, 1 or more";
  const start = readMoment(values.start, zone);
  const end = readMoment(values.end, zone);
  if (start.kind !== "moment") errors.start = start.message;
  if (end.kind !== "moment") errors.end = end.message;
  if (count === null || start.kind !== "moment" || end.kind !== "moment") return { errors, body: null };

  const endsAt = Date.parse(reservation.ends_at);
  const first = releasableFrom(reservation, world);
  const grid = pool === null ? null : gridMs(pool);
  if (end.at <= start.at) errors.end = "Give an end after the start";
  else if (start.at < Date.parse(reservation.starts_at) || end.at > endsAt) {
    const field = end.at > endsAt ? "end" : "start";
    errors[field] =
      `The reservation is from ${momentWords(Date.parse(reservation.starts_at), zone)} to ${momentWords(endsAt, zone)}`;
  } else if (start.at < now.getTime()) {
    errors.start = `What has passed is used. From ${momentWords(first, zone)} on something can be given back`;
  }
  if (grid !== null) {
    for (const [name, at] of [
      ["start", start.at],
      ["end", end.at],
    ] as const) {
      if (at % grid === 0 || errors[name] !== undefined) continue;
      const before = Math.floor(at / grid) * grid;
      errors[name] =
        `Times of this pool are a multiple of ${grid / 60_000} minutes: ${momentWords(before, zone)} or ${momentWords(before + grid, zone)}`;
    }
  }
  const most = mostWithin(reservation.segments, start.at, end.at);
  if (errors.start === undefined && errors.end === undefined && count > most) {
    errors.gpu_count = most === 0 ? "It has no GPUs then" : `It has ${most} GPUs then`;
  }
  if (Object.keys(errors).length > 0) return { errors, body: null };
  return {
    errors,
    body: {
      version: reservation.version,
      starts_at: new Date(start.at).toISOString(),
      ends_at: new Date(end.at).toISOString(),
      gpu_count: count,
    },
  };
}
