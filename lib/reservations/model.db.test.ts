import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { createMaintenanceBody } from "@/lib/contracts/maintenance";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { createMaintenance } from "@/lib/fleet/maintenance";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { runAudit } from "@/lib/reservations/audit";
import { passTime } from "@/lib/reservations/life-cycle";
import {
  balance,
  bookHours,
  CREDIT,
  cancel,
  confirm,
  createCustomer,
  HOUR_MS,
  hour,
  release,
  T0,
  update,
} from "@/lib/reservations/testing";
import { Model, type ModelBooking, range, until } from "@/lib/reservations/testing-model";

/**
 * Random bookings, changes and passing time against a naive reference that counts GPUs per hour and money in whole
 * numbers. MODEL_RUNS makes it longer; a failure prints the seed and the shortest sequence that shows it.
 */

type Real = { actor: Actor; pool: TestPool };
type Command = fc.AsyncCommand<Model, Real>;

/** GPUs of the pool; two more are the failover reserve. */
const CAPACITY = 6;
const CREDITS = 1_500n;
const ADMIN = { subject: { kind: "user" as const, id: "usr_admin" } };

const counted = { commands: 0, accepted: 0, noRoom: 0, noCredits: 0, other: 0 };
const iso = (hours: number) => hour(hours).toISOString();

/** Carries out a change in both worlds: what the product refuses must be refused for the reason that the reference has. */
async function attempt(
  model: Model,
  real: Real,
  expected: { fits: boolean; apply: () => void; simple: boolean },
  act: () => Promise<unknown>,
): Promise<void> {
  counted.commands += 1;
  const before = model.available();
  try {
    await act();
    counted.accepted += 1;
    expect(expected.fits, "it was accepted, so it fits").toBe(true);
    expected.apply();
    expect(model.available(), "nothing is overdrawn").toBeGreaterThanOrEqual(0n);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "capacity_unavailable") {
      counted.noRoom += 1;
      // Only what runs on its GPUs, or has parts, can stand in the way of what fits by number.
      if (expected.simple) expect(expected.fits, `${error.message}: so it does not fit`).toBe(false);
      for (const { starts_at } of error.extras.alternatives ?? []) expect(Date.parse(starts_at)).toBeGreaterThan(0);
    } else if (error.code === "insufficient_credits") {
      counted.noCredits += 1;
      expect(expected.fits).toBe(true);
      expected.apply();
      expect(-model.available(), "so much is missing").toBe(BigInt(error.extras.shortfall_micros ?? 0));
      throw new Undo();
    } else {
      counted.other += 1;
      expect(["validation_failed", "conflict"], error.message).toContain(error.code);
    }
    expect(model.available()).toBe(before);
  }
  await compare(model, real);
}

/** The reference cannot take a step back; what it was is kept by the caller. */
class Undo extends Error {}

async function compare(model: Model, { actor, pool }: Real): Promise<void> {
  expect((await balance(actor)).available).toBe(model.available());
  const rows = await db.reservation.findMany({ where: { projectId: actor.projectId } });
  for (const booking of model.bookings) {
    const row = rows.find(({ id }) => id === booking.id);
    expect({ ...row }).toMatchObject({
      status: booking.status,
      version: booking.version,
      totalMicros: booking.total,
      feesMicros: booking.fees,
      refundCapBps: booking.cap,
    });
  }
  const depths = await db.$queryRaw<{ at: Date; delta: number }[]>`
    SELECT at, delta FROM pool_usage WHERE pool_id = ${pool.id} ORDER BY at`;
  const last = Math.max(0, ...depths.map(({ at }) => (at.getTime() - T0.getTime()) / HOUR_MS));
  let depth = 0;
  for (let at = 0; at <= last; at += 1) {
    depth += depths.find((row) => row.at.getTime() === hour(at).getTime())?.delta ?? 0;
    expect(depth, `hour ${at}`).toBe(model.depth(at));
  }
}

function pick(model: Model, n: number): ModelBooking | undefined {
  const open = model.open();
  return open.length === 0 ? undefined : open[n % open.length];
}

/** What cannot be moved or has several parts makes room a question of units, which the reference does not know. */
const isSimple = (model: Model) =>
  model.maintenance.length === 0 &&
  model
    .open()
    .every(({ status, hours }) => status !== "active" && new Set(hours.values()).size === 1 && isWhole(hours));
const isWhole = (hours: ReadonlyMap<number, number>) =>
  Math.max(...hours.keys()) - Math.min(...hours.keys()) + 1 === hours.size;

/** One random change of a booking: what the reference makes of it, and what the API is asked. */
function onBooking(
  name: string,
  n: number,
  plan: (
    booking: ModelBooking,
    model: Model,
    real: Real,
  ) => { hours: Map<number, number>; act: () => Promise<unknown> } | undefined,
): Command {
  return {
    check: (model) => model.open().length > 0,
    toString: () => name,
    run: async (model, real) => {
      const booking = pick(model, n);
      const planned = booking && plan(booking, model, real);
      if (!booking || !planned) return;
      const kept = { ...booking };
      await attempt(
        model,
        real,
        {
          // Giving back always fits, even while more is out of service than the reserve has.
          fits: isLess(planned.hours, booking.hours) || model.fits(planned.hours, booking),
          simple: isSimple(model) && isWhole(planned.hours),
          apply: () => void model.change(booking, planned.hours),
        },
        planned.act,
      ).catch((error) => {
        if (!(error instanceof Undo)) throw error;
        Object.assign(booking, kept);
      });
    },
  };
}

const isLess = (hours: ReadonlyMap<number, number>, than: ReadonlyMap<number, number>) =>
  [...hours].every(([at, count]) => count <= (than.get(at) ?? 0));

const firstOf = ({ hours }: ModelBooking) => Math.min(...hours.keys());
const endOf = ({ hours }: ModelBooking) => Math.max(...hours.keys()) + 1;

const book = fc
  .record({
    ahead: fc.nat(200),
    length: fc.integer({ min: 1, max: 90 }),
    count: fc.integer({ min: 1, max: 6 }),
    hold: fc.boolean(),
  })
  .map(
    ({ ahead, length, count, hold }): Command => ({
      check: () => true,
      toString: () => `book(+${ahead}, ${length} h, ${count}${hold ? ", hold" : ""})`,
      run: async (model, real) => {
        const from = model.now + 1 + ahead;
        const hours = range(from, from + length, count);
        let id = "";
        await attempt(
          model,
          real,
          { fits: model.fits(hours), simple: isSimple(model), apply: () => model.book(id, hours, hold) },
          async () => {
            ({ id } = await bookHours(
              real.actor,
              real.pool.id,
              [from, from + length],
              { gpu_count: count, hold },
              hour(model.now),
            ));
          },
        ).catch((error) => {
          if (!(error instanceof Undo)) throw error;
          model.bookings.pop();
        });
      },
    }),
  );

const move = fc.tuple(fc.nat(20), fc.integer({ min: -60, max: 60 })).map(([n, by]) =>
  onBooking(`move(${n}, ${by})`, n, (booking, model, { actor }) => {
    if (booking.status === "active" || firstOf(booking) + by <= model.now) return undefined;
    const [from, to] = [firstOf(booking) + by, endOf(booking) + by];
    return {
      hours: new Map([...booking.hours].map(([at, count]) => [at + by, count])),
      act: () =>
        update(
          actor,
          booking.id,
          { version: booking.version, starts_at: iso(from), ends_at: iso(to) },
          hour(model.now),
        ),
    };
  }),
);

const resize = fc.tuple(fc.nat(20), fc.integer({ min: -40, max: 60 })).map(([n, by]) =>
  onBooking(`resize(${n}, ${by})`, n, (booking, model, { actor }) => {
    const end = endOf(booking) + by;
    if (by === 0 || end <= Math.max(model.now, firstOf(booking))) return undefined;
    const last = booking.hours.get(endOf(booking) - 1) ?? 0;
    const hours = new Map([...until(booking.hours, end), ...(by > 0 ? range(endOf(booking), end, last) : [])]);
    // A gap before the new end falls away with it: the product ends where the last part does.
    return {
      hours,
      act: () => update(actor, booking.id, { version: booking.version, ends_at: iso(end) }, hour(model.now)),
    };
  }),
);

const recount = fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 6 })).map(([n, count]) =>
  onBooking(`recount(${n}, ${count})`, n, (booking, model, { actor }) => {
    const from = booking.status === "active" ? model.now : 0;
    const ahead = [...booking.hours].filter(([at]) => at >= from);
    const most = Math.max(...ahead.map(([, has]) => has));
    return {
      hours: new Map([
        ...until(booking.hours, from),
        ...ahead.map(([at, has]) => [at, has === most ? count : Math.min(has, count)] as const),
      ]),
      act: () => update(actor, booking.id, { version: booking.version, gpu_count: count }, hour(model.now)),
    };
  }),
);

const giveBack = fc
  .tuple(fc.nat(20), fc.nat(40), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 6 }))
  .map(([n, skip, length, count]) =>
    onBooking(`release(${n}, +${skip}, ${length} h, ${count})`, n, (booking, model, { actor }) => {
      const from = Math.max(firstOf(booking), model.now) + skip;
      const left = [...booking.hours].map(([at, has]) => {
        return [at, at >= from && at < from + length ? has - count : has] as const;
      });
      const hours = new Map(left.filter(([, has]) => has > 0));
      if (from >= endOf(booking) || hours.size === 0) return undefined;
      const body = { version: booking.version, starts_at: iso(from), ends_at: iso(from + length), gpu_count: count };
      return { hours, act: () => release(actor, booking.id, body, hour(model.now)) };
    }),
  );

const confirmOne = fc.nat(20).map(
  (n): Command => ({
    check: (model) => model.open().some(({ status }) => status === "held"),
    toString: () => `confirm(${n})`,
    run: async (model, real) => {
      const held = model.open().filter(({ status }) => status === "held");
      const booking = held[n % held.length];
      if (!booking) return;
      const apply = () => void Object.assign(booking, { status: "confirmed", version: booking.version + 1 });
      const now = hour(model.now);
      await attempt(model, real, { fits: true, simple: true, apply }, () => confirm(real.actor, booking.id, now));
    },
  }),
);

const cancelOne = fc.nat(20).map(
  (n): Command => ({
    check: (model) => model.open().length > 0,
    toString: () => `cancel(${n})`,
    run: async (model, real) => {
      const booking = pick(model, n);
      if (!booking) return;
      const now = hour(model.now);
      await attempt(model, real, { fits: true, simple: true, apply: () => model.cancel(booking) }, () =>
        cancel(real.actor, booking.id, {}, now),
      );
    },
  }),
);

const wait = fc.integer({ min: 1, max: 40 }).map(
  (hours): Command => ({
    check: () => true,
    toString: () => `wait(${hours} h)`,
    run: async (model, real) => {
      counted.commands += 1;
      model.passTime(hours);
      await passTime({ now: hour(model.now) });
      await compare(model, real);
    },
  }),
);

const maintain = fc.tuple(fc.nat(7), fc.nat(60), fc.integer({ min: 1, max: 30 })).map(
  ([n, ahead, length]): Command => ({
    check: () => true,
    toString: () => `maintain(${n}, +${ahead}, ${length} h)`,
    run: async (model, real) => {
      const from = model.now + 1 + ahead;
      const unit = real.pool.units[n % real.pool.units.length];
      const body = createMaintenanceBody.parse({
        unit_ids: [unit?.id],
        starts_at: iso(from),
        ends_at: iso(from + length),
        reason: "Test",
      });
      const hours = range(from, from + length, 1);
      // It may use the failover reserve, and be refused for what cannot be moved.
      const fits = [...hours.keys()].every((at) => model.depth(at) + 1 <= CAPACITY + 2);
      await attempt(model, real, { fits, simple: false, apply: () => void model.maintenance.push(hours) }, () =>
        createMaintenance(ADMIN, real.pool.id, body, hour(model.now)),
      );
    },
  }),
);

const commands = fc.commands(
  [book, book, book, move, resize, recount, giveBack, confirmOne, confirmOne, cancelOne, wait, maintain],
  { maxCommands: 150, size: "max" },
);

describe("bookings as the reference says", () => {
  it("take, change, give back, pay and free what they should", { timeout: 1_800_000 }, async () => {
    const numRuns = Number(process.env.MODEL_RUNS ?? 6);
    const seed = Math.floor(Math.random() * 2 ** 31);
    await fc.assert(
      fc.asyncProperty(commands, (sequence) =>
        fc.asyncModelRun(async () => {
          const actor = await createCustomer(CREDITS);
          const pool = await createTestPool({
            nodes: 1,
            lanes: CAPACITY + 2,
            reserveUnits: 2,
            freezeMinutes: 0,
            priceMicrosPerGpuHour: 2_000_000n,
          });
          return { model: new Model(CAPACITY, CREDITS * CREDIT), real: { actor, pool } };
        }, sequence),
      ),
      { numRuns, seed },
    );
    expect((await runAudit(T0)).checks.filter(({ found }) => found > 0)).toEqual([]);
    console.info(`model of bookings: seed ${seed}, ${numRuns} runs, ${JSON.stringify(counted)}`);
    expect(counted.accepted).toBeGreaterThan(counted.commands / 5);
    expect(counted.noRoom).toBeGreaterThan(0);
  });
});
