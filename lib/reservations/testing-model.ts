/**
 * The naive reference of the model test: hours and whole numbers, no units, no database, nothing shared with the product
 * but the ladders that admins would type in.
 */

export const RATE = 2_000_000n;

const DISCOUNTS: [hours: number, bps: number][] = [
  [720, 2000],
  [336, 1750],
  [168, 1500],
  [72, 1250],
  [0, 1000],
];
const LEADS: [hours: number, bps: number][] = [
  [336, 250],
  [168, 100],
  [0, 0],
];
const REFUNDS: [hours: number, bps: number][] = [
  [72, 10_000],
  [24, 7500],
  [0, 5000],
];

const step = (ladder: [number, number][], hours: number) => ladder.find(([from]) => hours >= from)?.[1] ?? 0;

export type Hours = ReadonlyMap<number, number>;

export type ModelBooking = {
  id: string;
  status: "held" | "confirmed" | "active" | "completed" | "cancelled" | "expired";
  /** Hour → GPUs, without zeros. */
  hours: Hours;
  bps: number;
  total: bigint;
  fees: bigint;
  cap: number;
  bookedAt: number;
  version: number;
};

export class Model {
  now = 0;
  readonly bookings: ModelBooking[] = [];
  /** Hours in which one unit is under maintenance. */
  readonly maintenance: Map<number, number>[] = [];

  constructor(
    readonly capacity: number,
    readonly credits: bigint,
  ) {}

  open(): ModelBooking[] {
    return this.bookings.filter(({ status }) => ["held", "confirmed", "active"].includes(status));
  }

  available(): bigint {
    return this.bookings.reduce((left, { total, fees }) => left - total - fees, this.credits);
  }

  /** How many GPUs are blocked in an hour by bookings, except by one of them. */
  depth(hour: number, except?: ModelBooking): number {
    const kept = this.bookings.filter((booking) => booking !== except && booking.status !== "expired");
    return [...kept.map(({ hours }) => hours), ...this.maintenance].reduce(
      (sum, hours) => sum + (hours.get(hour) ?? 0),
      0,
    );
  }

  fits(hours: Hours, except?: ModelBooking): boolean {
    return [...hours].every(([hour, count]) => hour < this.now || this.depth(hour, except) + count <= this.capacity);
  }

  book(id: string, hours: Hours, held: boolean): void {
    const bps = earned(hours, this.now);
    this.bookings.push({
      id,
      status: held ? "held" : "confirmed",
      hours,
      bps,
      total: price(hours, bps),
      fees: 0n,
      cap: 10_000,
      bookedAt: this.now,
      version: 1,
    });
  }

  /** @returns whether anything changed */
  change(booking: ModelBooking, hours: Hours): boolean {
    const gone = less(booking.hours, hours);
    const added = less(hours, booking.hours);
    if (gone.size === 0 && added.size === 0) return false;
    let bps = added.size === 0 ? booking.bps : Math.max(booking.bps, earned(hours, booking.bookedAt));
    if (booking.status === "active") {
      const used = price(until(booking.hours, this.now), booking.bps);
      if (price(until(hours, this.now), bps) < used || price(hours, bps) < used) bps = booking.bps;
    }
    this.settle(booking, price(hours, bps), gone);
    if (gone.size > 0 && added.size > 0 && booking.status !== "held") {
      booking.cap = Math.min(booking.cap, step(REFUNDS, Math.max(0, Math.min(...gone.keys()) - this.now)));
    }
    Object.assign(booking, { hours, bps, version: booking.version + 1 });
    return true;
  }

  cancel(booking: ModelBooking): void {
    const used = booking.status === "active" ? until(booking.hours, this.now) : new Map<number, number>();
    this.settle(booking, price(used, booking.bps), less(booking.hours, used));
    Object.assign(booking, { status: "cancelled", hours: used, version: booking.version + 1 });
  }

  passTime(hours: number): void {
    this.now += hours;
    for (const booking of this.bookings) {
      const span = [...booking.hours.keys()];
      if (booking.status === "held")
        Object.assign(booking, { status: "expired", total: 0n, version: booking.version + 1 });
      if (booking.status === "confirmed" && Math.min(...span) <= this.now) {
        Object.assign(booking, { status: "active", version: booking.version + 1 });
      }
      if (booking.status === "active" && Math.max(...span) + 1 <= this.now) {
        Object.assign(booking, { status: "completed", version: booking.version + 1 });
      }
    }
  }

  private settle(booking: ModelBooking, total: bigint, gone: Hours): void {
    const value = booking.total - total;
    const notice = Math.max(0, Math.min(...gone.keys()) - this.now);
    const rate = booking.status === "held" || gone.size === 0 ? 10_000 : Math.min(booking.cap, step(REFUNDS, notice));
    if (value > 0n) booking.fees += value - (value * BigInt(rate)) / 10_000n;
    booking.total = total;
  }
}

export function range(from: number, to: number, count: number): Map<number, number> {
  return new Map(Array.from({ length: Math.max(0, to - from) }, (_, n) => [from + n, count]));
}

export function until(hours: Hours, now: number): Map<number, number> {
  return new Map([...hours].filter(([hour]) => hour < now));
}

/** What a has more than b, hour by hour. */
function less(a: Hours, b: Hours): Map<number, number> {
  return new Map(
    [...a].map(([hour, count]) => [hour, count - (b.get(hour) ?? 0)] as const).filter(([, count]) => count > 0),
  );
}

function price(hours: Hours, bps: number): bigint {
  const list = [...hours.values()].reduce((sum, count) => sum + BigInt(count) * RATE, 0n);
  return list - (list * BigInt(bps)) / 10_000n;
}

function earned(hours: Hours, bookedAt: number): number {
  const start = Math.min(...hours.keys());
  const duration = Math.max(...hours.keys()) + 1 - start;
  return Math.min(2000, Math.max(1000, step(DISCOUNTS, duration) + step(LEADS, Math.max(0, start - bookedAt))));
}
