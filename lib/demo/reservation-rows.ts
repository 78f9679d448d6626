import { type BookingPolicy, DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { type Price, priceOf, refundRate, usedMicros } from "@/lib/contracts/pricing";
import type { ReservationStatus } from "@/lib/contracts/reservations";
import { demoConfigOf } from "@/lib/demo/configurations";
import type { DemoBooking } from "@/lib/demo/timetable";
import type { Prisma, Reservation } from "@/lib/generated/prisma/client";
import { compareFacts, type Facts, factsOf } from "@/lib/reservations/history";
import { difference, type Money, moneyFacts } from "@/lib/reservations/money";

const MINUTE_MS = 60_000;
/** As long as a policy lets a hold last at most, so that there is time to look at it. */
const HOLD_MINUTES = 120;

export type DemoReservation = {
  row: Reservation;
  price: Price;
  /** What cancelling it did. */
  settled: Money | null;
  changes: Prisma.ReservationChangeCreateManyInput[];
};

/** A reservation as it stands now, with the history that led there: what the services would have written. */
export function demoReservation(
  booking: DemoBooking,
  now: Date,
  nameOf: (unitId: string) => string,
  policy: BookingPolicy = DEFAULT_BOOKING_POLICY,
): DemoReservation {
  const segments = [
    {
      starts_at: booking.startsAt.toISOString(),
      ends_at: booking.endsAt.toISOString(),
      gpu_count: booking.gpuCount,
    },
  ];
  const price = priceOf({
    segments,
    rateMicros: booking.pool.priceMicrosPerGpuHour,
    policy,
    bookedAt: booking.bookedAt,
  });
  const booked: Reservation = {
    id: booking.id,
    projectId: booking.project.projectId,
    poolId: booking.pool.id,
    createdBy: booking.by,
    title: booking.title,
    status: booking.held ? "held" : "confirmed",
    gpuCount: booking.gpuCount,
    startsAt: booking.startsAt,
    endsAt: booking.endsAt,
    segments,
    topology: booking.singleNode ? "single_node" : "any",
    pinned: false,
    config: booking.project.own ? demoConfigOf(booking.title) : null,
    environment: booking.project.own ? "production" : null,
    snapshotAtEnd: false,
    correlationId: booking.id,
    seriesId: null,
    quoteId: null,
    price: price as unknown as Prisma.JsonValue,
    totalMicros: BigInt(price.total_micros),
    capturedMicros: 0n,
    feesMicros: 0n,
    refundCapBps: 10_000,
    version: 1,
    holdExpiresAt: booking.held ? holdEnd(booking, now) : null,
    endingNotice: null,
    startedAt: null,
    endedAt: null,
    createdAt: booking.bookedAt,
    updatedAt: booking.bookedAt,
  };
  const made: DemoReservation = { row: booked, price, settled: null, changes: [] };
  const created = { ...factsOf(booked), ...moneyFacts(difference(0n, booked.totalMicros, 0)) };
  add(made, { kind: "created", by: booking.by, at: booking.bookedAt, before: null, after: created });
  const step = (
    status: ReservationStatus,
    { at, kind, by = "system", ...more }: Step,
    money: Record<string, number> = {},
  ) => {
    const before = made.row;
    const { reason = null, ...data } = more;
    made.row = { ...before, ...data, status, version: before.version + 1, updatedAt: at };
    const facts = compareFacts(factsOf(before), factsOf(made.row));
    add(made, { kind, by, at, before: facts.before, after: { ...facts.after, ...money }, reason });
  };
  for (const { at, before, after } of booking.repacked) {
    add(made, {
      kind: "repacked",
      by: "system",
      at,
      before: { units: before.map(nameOf).sort() },
      after: { units: after.map(nameOf).sort() },
      reason: "Moved to identical GPUs of its pool, to make room for another booking",
    });
  }
  const { cancelledAt, startsAt, endsAt } = booking;
  if (cancelledAt) {
    const rate = refundRate(policy, startsAt.getTime() - cancelledAt.getTime());
    made.settled = difference(booked.totalMicros, 0n, rate);
    step(
      "cancelled",
      {
        at: cancelledAt,
        kind: "cancelled",
        by: booking.by,
        endedAt: cancelledAt,
        totalMicros: 0n,
        feesMicros: made.settled.fee,
      },
      moneyFacts(made.settled),
    );
    return made;
  }
  if (startsAt <= now) step("active", { at: startsAt, kind: "started", startedAt: startsAt });
  if (endsAt <= now)
    step("completed", { at: endsAt, kind: "ended", endedAt: endsAt, capturedMicros: booked.totalMicros });
  else if (startsAt <= now) made.row = { ...made.row, capturedMicros: usedMicros(price, now) };
  return made;
}

type Step = {
  at: Date;
  kind: string;
  by?: string;
  reason?: string;
} & Partial<Pick<Reservation, "startedAt" | "endedAt" | "totalMicros" | "capturedMicros" | "feesMicros">>;

type Change = { kind: string; by: string; at: Date; before: Facts | null; after: Facts | null; reason?: string | null };

function add(made: DemoReservation, { kind, by, at, before, after, reason = null }: Change): void {
  made.changes.push({
    reservationId: made.row.id,
    projectId: made.row.projectId,
    version: made.row.version,
    kind,
    by,
    reason,
    ...(before && { before }),
    ...(after && { after }),
    createdAt: at,
  });
}

function holdEnd({ startsAt }: DemoBooking, now: Date): Date {
  return new Date(Math.min(now.getTime() + HOLD_MINUTES * MINUTE_MS, startsAt.getTime()));
}
