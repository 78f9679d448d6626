import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { emit } from "@/lib/webhooks/emit";
import { createWebhooks, percentile, round } from "./support";

const TIMES = 300;
/** Not counted: the first of each meet cold caches and statements that are not planned yet. */
const WARM_UP = 30;

type Change = (tx: Tx, index: number) => Promise<unknown>;

/**
 * A transaction that changes something and emits to 100 webhooks ÷ one that only changes it. Twice: with the least
 * change there is, one row updated; and with what an edit of a reservation writes, its row and a row of its history.
 * All four take turns, so that whatever else the machine does meets them alike.
 */
export async function run(say: (line: string) => void) {
  const { projectId } = await createWebhooks(Array.from({ length: 100 }, () => "https://example.com/"));
  const row: Change = (tx, index) => tx.project.update({ where: { id: projectId }, data: { name: `bench ${index}` } });
  const reservation = await editOfReservation(projectId);
  const emitting =
    (change: Change): Change =>
    async (tx, index) => {
      await change(tx, index);
      await emit(tx, projectId, { type: "instance.started", data: { index }, source: "platform" });
    };
  const times = await medians({
    row,
    rowAndEmit: emitting(row),
    reservation,
    reservationAndEmit: emitting(reservation),
  });
  say(`one row: without ${times.row} ms, with ${times.rowAndEmit} ms`);
  say(`a reservation: without ${times.reservation} ms, with ${times.reservationAndEmit} ms`);
  await db.$disconnect();
  return {
    without_ms: times.row,
    with_ms: times.rowAndEmit,
    ratio: round(times.rowAndEmit / times.row),
    reservation_without_ms: times.reservation,
    reservation_with_ms: times.reservationAndEmit,
    reservation_ratio: round(times.reservationAndEmit / times.reservation),
  };
}

async function editOfReservation(projectId: string): Promise<Change> {
  const pool = await createTestPool({ nodes: 1, lanes: 8 });
  const id = newId("reservation");
  const startsAt = new Date(Date.now() + 86_400_000);
  await db.reservation.create({
    data: {
      id,
      projectId,
      poolId: pool.id,
      createdBy: "bench",
      status: "confirmed",
      gpuCount: 8,
      startsAt,
      endsAt: new Date(startsAt.getTime() + 3_600_000),
      segments: [],
      correlationId: id,
      price: {},
      totalMicros: 0n,
    },
  });
  return async (tx, index) => {
    const before = { title: `bench ${index}` };
    const after = { title: `bench ${index + 1}` };
    const { version } = await tx.reservation.update({ where: { id }, data: { ...after, version: { increment: 1 } } });
    await tx.reservationChange.create({
      data: { reservationId: id, projectId, version, kind: "changed", by: "bench", before, after },
    });
  };
}

async function medians<Name extends string>(changes: Record<Name, Change>): Promise<Record<Name, number>> {
  const names = Object.keys(changes) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let index = 0; index < WARM_UP + TIMES; index += 1) {
    for (const name of names) {
      const startedAt = performance.now();
      await transaction((tx) => changes[name](tx, index));
      if (index >= WARM_UP) times.get(name)?.push(performance.now() - startedAt);
    }
  }
  const median = (name: Name) =>
    percentile(
      (times.get(name) ?? []).toSorted((a, b) => a - b),
      50,
    );
  return Object.fromEntries(names.map((name) => [name, median(name)])) as Record<Name, number>;
}
