import type { Actor } from "@/lib/accounts/actor";
import { ROLE_PERMISSIONS } from "@/lib/contracts/permissions";
import { createReservationBody } from "@/lib/contracts/reservations";
import { grantCredits } from "@/lib/credits/movements";
import { db } from "@/lib/db/client";
import { pool as connections } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { createReservation } from "@/lib/reservations/service";
import { percentile, round } from "./support";

const DAY_MS = 86_400_000;
const CROWD = 200;
const ROOM = 8;
const GPUS = 8;
/** Bookings of one measurement of throughput, and how many are under way at once. */
const BOOKINGS = 160;
const AT_ONCE = 16;

/**
 * 200 requests at once for 8 GPUs each where there is room for 8 of them; then how many bookings a second go into one pool
 * and into eight, beside a transaction that inserts the same rows and does nothing else.
 */
export async function run(say: (line: string) => void) {
  const actor = await createCustomer();
  await book(actor, await createTestPool({ nodes: 2 }), 1, 2);

  const crowd = await rush(actor);
  say(`${crowd.accepted} of ${CROWD} accepted, p50 ${crowd.p50_ms} ms, p95 ${crowd.p95_ms} ms`);

  const one = await throughput(actor, 1);
  const eight = await throughput(actor, 8);
  const plain = await plainThroughput(8);
  say(`${one}/s in 1 pool, ${eight}/s in 8 pools, ${plain}/s plain transactions`);
  await db.$disconnect();
  return {
    ...crowd,
    one_pool_per_s: one,
    eight_pools_per_s: eight,
    plain_per_s: plain,
    ratio: round(eight / plain),
  };
}

async function rush(actor: Actor) {
  const pool = await createTestPool({ nodes: ROOM, lanes: GPUS });
  const times: number[] = [];
  const codes: Record<string, number> = {};
  const before = await conflicts();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CROWD }, async () => {
      try {
        await book(actor, pool, 1, 2, GPUS);
        count(codes, "accepted");
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        count(codes, error.code);
      }
      times.push(performance.now() - startedAt);
    }),
  );
  times.sort((a, b) => a - b);
  const { accepted = 0, ...refused } = codes;
  return {
    requests: CROWD,
    room: ROOM,
    accepted,
    refused,
    retries: (await conflicts()) - before,
    p50_ms: percentile(times, 50),
    p95_ms: percentile(times, 95),
  };
}

/** Bookings per second, one day after the other, spread over so many pools. */
async function throughput(actor: Actor, pools: number): Promise<number> {
  const all = await Promise.all(Array.from({ length: pools }, () => createTestPool({ nodes: 4, lanes: GPUS })));
  return perSecond((n) => book(actor, all[n % pools] as TestPool, 1 + Math.floor(n / pools / 4) * 0.5, 0.25, GPUS));
}

/** The yardstick: the same rows in one transaction, without looking whether there is room. */
async function plainThroughput(pools: number): Promise<number> {
  const all = await Promise.all(Array.from({ length: pools }, () => createTestPool({ nodes: 4, lanes: GPUS })));
  const { projectId, subject } = await createCustomer();
  return perSecond(async (n) => {
    const pool = all[n % pools] as TestPool;
    const step = Math.floor(n / pools);
    const [startsAt, endsAt] = [at(1 + Math.floor(step / 4) * 0.5), at(1.25 + Math.floor(step / 4) * 0.5)];
    const units = pool.units.slice((step % 4) * GPUS, (step % 4) * GPUS + GPUS);
    const id = newId("reservation");
    await transaction(async (tx) => {
      await tx.reservation.create({
        data: {
          id,
          projectId,
          poolId: pool.id,
          createdBy: subject.id,
          status: "confirmed",
          gpuCount: GPUS,
          startsAt,
          endsAt,
          segments: [],
          correlationId: id,
          price: {},
          totalMicros: 0n,
        },
      });
      await tx.allocation.createMany({
        data: units.map((unit) => ({
          id: newId("allocation"),
          poolId: pool.id,
          unitId: unit.id,
          kind: "booking",
          reservationId: id,
          startsAt,
          endsAt,
          blocksFrom: startsAt,
          blocksTo: endsAt,
        })),
      });
      await tx.reservationChange.create({
        data: { reservationId: id, projectId, version: 1, kind: "created", by: subject.id },
      });
    });
  });
}

async function perSecond(work: (n: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let n = next++; n < BOOKINGS; n = next++) await work(n);
    }),
  );
  return round((BOOKINGS / (performance.now() - startedAt)) * 1000);
}

function book(actor: Actor, pool: TestPool, fromDay: number, days: number, gpuCount = 1) {
  return createReservation(
    actor,
    createReservationBody.parse({
      pool_id: pool.id,
      gpu_count: gpuCount,
      starts_at: at(fromDay).toISOString(),
      ends_at: at(fromDay + days).toISOString(),
    }),
  );
}

/** So many days after the next midnight. */
function at(days: number): Date {
  return new Date(Math.ceil(Date.now() / DAY_MS) * DAY_MS + days * DAY_MS);
}

async function createCustomer(): Promise<Actor> {
  const projectId = newId("project");
  await db.project.create({ data: { id: projectId, name: "bench", plan: "premium" } });
  const amount = 1_000_000_000_000n;
  await transaction((tx) =>
    grantCredits(tx, {
      projectId,
      source: "purchase",
      amount,
      expiresAt: null,
      note: "",
      by: "bench",
      now: new Date(),
    }),
  );
  return {
    projectId,
    subject: { kind: "user", id: newId("user") },
    role: "member",
    permissions: new Set(ROLE_PERMISSIONS.member),
  };
}

/** Transactions that PostgreSQL ended because they got into each other's way. */
async function conflicts(): Promise<number> {
  const { rows } = await connections().query<{ count: number }>(
    "SELECT deadlocks::int AS count FROM pg_stat_database WHERE datname = current_database()",
  );
  return rows[0]?.count ?? 0;
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
