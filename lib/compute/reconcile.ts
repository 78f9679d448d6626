import { setTimeout as sleep } from "node:timers/promises";
import { askInstance, askSnapshot, type ProviderOf } from "@/lib/compute/ask";
import {
  type ClaimedInstance,
  type ClaimedSnapshot,
  claimInstances,
  claimSnapshots,
  stepDueAt,
} from "@/lib/compute/claim";
import type { LogLine } from "@/lib/compute/life";
import { askToStop, step } from "@/lib/compute/machine";
import { placeInstances } from "@/lib/compute/place";
import { providerOf } from "@/lib/compute/providers";
import { applyChange, heldBy, lifeOf, lockInstance } from "@/lib/compute/rows";
import { isEntitled } from "@/lib/compute/service";
import { stepSnapshot } from "@/lib/compute/snapshot-step";
import { beginLastSnapshots, lastSnapshotsAt, settleSnapshot } from "@/lib/compute/snapshots";
import { snapshotSchema } from "@/lib/contracts/snapshots";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { type Tx, transaction } from "@/lib/db/transaction";
import { LOOK_TIME, untilDue } from "@/lib/db/until-due";
import { type Instance as InstanceRow, Prisma } from "@/lib/generated/prisma/client";
import { log } from "@/lib/log";

/** Milliseconds at least between two rounds. */
const PAUSE_MS = 500;
/** While questions are under way, milliseconds after which a round sees what else is due. */
const POLL_MS = 1_000;
/** Questions to providers under way at once in one worker: one that does not answer must not keep the others waiting. */
const AT_ONCE = 64;
/** Milliseconds after which a worker looks again for what begins and ends, however much is due. */
const ROUND_MS = 5_000;
/** Milliseconds for which a worker that ends waits for answers. What comes later is for whoever leases it next. */
const FAREWELL_MS = 4_000;

export type ReconcileOptions = {
  /** The database's clock unless given. */
  now?: Date;
  /** As pools and environment say unless given. */
  providerOf?: ProviderOf;
  /** Until when; without it the round ends when nothing is due any more, and nothing is under way. */
  signal?: AbortSignal;
  /** Where questions that are under way are kept, so that the round need not wait for them. */
  underWay?: Set<Promise<void>>;
};

/** Instances that have not been told to stop, whose reservation is over, or has other GPUs now. */
const windingDownAt = (now: Date | Prisma.Sql) => Prisma.sql`
    SELECT i.id FROM instance i JOIN reservation r ON r.id = i.reservation_id
     WHERE i.ended_at IS NULL AND i.stop_reason IS DISTINCT FROM 'reservation_ended'
       AND (r.status <> 'active' OR r.ends_at <= ${now} OR EXISTS (
         SELECT 1 FROM instance_unit iu WHERE iu.instance_id = i.id AND NOT EXISTS (
           SELECT 1 FROM allocation a WHERE a.reservation_id = r.id AND a.unit_id = iu.unit_id
              AND a.starts_at <= ${now} AND a.ends_at > ${now})))`;

/** Reservations that have begun, and have GPUs without an instance. */
const missingAt = (now: Date | Prisma.Sql) => Prisma.sql`
    SELECT r.id FROM reservation r
     WHERE r.status = 'active' AND r.ends_at > ${now} AND EXISTS (
       SELECT 1 FROM allocation a
        WHERE a.reservation_id = r.id AND a.kind = 'booking' AND a.starts_at <= ${now} AND a.ends_at > ${now}
          AND NOT EXISTS (SELECT 1 FROM instance_unit iu JOIN instance i ON i.id = iu.instance_id
                           WHERE iu.unit_id = a.unit_id AND i.reservation_id = r.id AND i.ended_at IS NULL))`;

/** SQL: whether there is anything to do in a round. */
export const roundDueAt = (now: Date | Prisma.Sql) => Prisma.sql`
    EXISTS (${lastSnapshotsAt(now)}) OR EXISTS (${windingDownAt(now)}) OR EXISTS (${missingAt(now)}) OR ${stepDueAt(now)}`;

const ROUND_DUE = roundDueAt(Prisma.raw(LOOK_TIME)).text;

/**
 * Brings instances to what their reservations want of them until the signal. Any number of workers run it at once: what
 * begins and ends is decided under locks, and each instance that is due belongs to who leased it.
 */
export async function runInstances(signal: AbortSignal): Promise<void> {
  const underWay = new Set<Promise<void>>();
  while (!signal.aborted) {
    try {
      await reconcile({ signal, underWay });
    } catch (err) {
      log.warn({ err }, "what is due of instances could not be done");
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    await untilDue(ROUND_DUE, signal);
  }
  await Promise.race([Promise.all(underWay), sleep(FAREWELL_MS, undefined, { ref: false })]);
}

/**
 * One round: snapshots before the end, what ends, what starts, then a step of each instance and snapshot that is due, until
 * nothing is.
 * @returns how many steps were taken
 */
export async function reconcile(options: ReconcileOptions = {}): Promise<number> {
  const { signal, underWay = new Set<Promise<void>>() } = options;
  const started = performance.now();
  const isTime = () => !signal || (!signal.aborted && performance.now() - started < ROUND_MS);
  const begun = await clock(options);
  let taken = (await beginLastSnapshots(begun)) + (await windDown(begun)) + (await placeMissing(begun));
  while (isTime()) {
    const steps = await beginSteps(AT_ONCE - underWay.size, options);
    taken += steps.length;
    for (const step of steps) {
      const tracked: Promise<void> = step.finally(() => underWay.delete(tracked));
      underWay.add(tracked);
    }
    if (underWay.size === 0 || (signal && steps.length === 0)) break;
    await Promise.race(signal ? [...underWay, sleep(POLL_MS, undefined, { ref: false })] : underWay);
  }
  return taken;
}

async function beginSteps(room: number, options: ReconcileOptions): Promise<Promise<void>[]> {
  if (room <= 0) return [];
  const now = await clock(options);
  const instances = await claimInstances(now, room);
  const snapshots = await claimSnapshots(now, Math.max(0, room - instances.length));
  return [
    ...instances.map((row) => guarded(() => stepInstance(row, options), { instance: row.id })),
    ...snapshots.map((row) => guarded(() => stepOfSnapshot(row, options), { snapshot: row.id })),
  ];
}

async function clock({ now }: ReconcileOptions): Promise<Date> {
  return now ?? (await databaseNow(db));
}

/** Asks the provider outside of any transaction, then stores what follows if the lease still stands. */
async function stepInstance(row: ClaimedInstance, options: ReconcileOptions): Promise<void> {
  const { answer, pollMs } = await askInstance(row, options.providerOf ?? providerOf);
  await transaction(async (tx) => {
    const fresh = await lockInstance(tx, row.id, row.token);
    if (!fresh) return;
    const given = answer === "units" ? ({ call: "take", heldBy: await heldBy(tx, row.id) } as const) : answer;
    const now = options.now ?? (await databaseNow(tx));
    const entitled = await isEntitled(tx, row.id, now);
    await applyChange(tx, fresh, step(lifeOf(fresh), given, { now, entitled, pollMs }), { now, settled: true });
  });
}

async function stepOfSnapshot(row: ClaimedSnapshot, options: ReconcileOptions): Promise<void> {
  const { answer, pollMs } = await askSnapshot(row, options.providerOf ?? providerOf);
  await settleSnapshot(
    row,
    ({ status, name, createdAt, acceptedAt }, now) =>
      stepSnapshot({ status: snapshotSchema.shape.status.parse(status), name, createdAt, acceptedAt }, answer, {
        now,
        pollMs,
      }),
    options.now,
  );
}

/** One that cannot be stored keeps its lease until that runs out; the others go on. */
async function guarded(work: () => Promise<void>, about: Record<string, string>): Promise<void> {
  try {
    await work();
  } catch (err) {
    log.error({ err, ...about }, "a step could not be stored");
  }
}

/** Tells instances to stop whose reservation is over, or has other GPUs now. @returns how many */
async function windDown(now: Date): Promise<number> {
  const found = await db.$queryRaw<{ id: string }[]>`${windingDownAt(now)} ORDER BY i.id`;
  let told = 0;
  for (const { id } of found) {
    told += await transaction(async (tx) => {
      const row = await lockInstance(tx, id);
      if (!row || row.endedAt !== null || (await isEntitled(tx, id, now))) return 0;
      const change = askToStop(lifeOf(row), "reservation_ended", now);
      const logs = change && (await missesSnapshot(tx, row)) ? [...change.logs, MISSED] : change?.logs;
      if (change) await applyChange(tx, row, { ...change, logs: logs ?? [] }, { now });
      return change ? 1 : 0;
    });
  }
  return told;
}

const MISSED: LogLine = { level: "warning", message: "No snapshot was taken before the end: nobody was at work then." };

/** Whether it ran to the end of a reservation that wanted a snapshot before it, and there is none. */
async function missesSnapshot(tx: Tx, row: InstanceRow): Promise<boolean> {
  if (row.status !== "running") return false;
  const reservation = await tx.reservation.findUniqueOrThrow({ where: { id: row.reservationId } });
  if (!reservation.snapshotAtEnd || reservation.status === "cancelled") return false;
  return (await tx.snapshot.count({ where: { instanceId: row.id, trigger: "before_end" } })) === 0;
}

/** Makes the instances of reservations that have begun. @returns how many */
async function placeMissing(now: Date): Promise<number> {
  const found = await db.$queryRaw<{ id: string }[]>`${missingAt(now)} ORDER BY r.starts_at, r.id`;
  let made = 0;
  for (const { id } of found) {
    made += await transaction(async (tx) => {
      // Whoever has it is making them at this moment, or changes it: the next round looks again.
      const locked = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM reservation WHERE id = ${id} FOR NO KEY UPDATE SKIP LOCKED`;
      if (locked.length === 0) return 0;
      const reservation = await tx.reservation.findUniqueOrThrow({ where: { id } });
      return (await placeInstances(tx, reservation, now)).length;
    });
  }
  return made;
}
