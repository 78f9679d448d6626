import type { Tx } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import type { Blocked } from "@/lib/reservations/leases";
import type { Move } from "@/lib/reservations/planner/place";
import type { Scene } from "@/lib/reservations/scene";

type Of = { id: string; poolId: string };

/** What a reservation blocks at present. */
export async function readBlocked({ tx }: Pick<Scene, "tx">, reservationId: string): Promise<Blocked[]> {
  const rows = await tx.allocation.findMany({ where: { reservationId } });
  return rows.map((row) => ({
    unitId: row.unitId,
    from: row.startsAt.getTime(),
    to: row.endsAt.getTime(),
    blocksFrom: row.blocksFrom.getTime(),
    blocksTo: row.blocksTo.getTime(),
  }));
}

/**
 * Makes the reservation block this and nothing else. Others move between: into what it leaves, out of what it takes. Each
 * is one statement, and the constraint against overlaps is looked at after each.
 */
export async function writeBlocked(
  scene: Scene,
  { id, poolId }: Of,
  blocked: readonly Blocked[],
  moves: readonly Move[] = [],
): Promise<void> {
  const { tx } = scene;
  await tx.allocation.deleteMany({ where: { reservationId: id } });
  await moveAllocations(tx, moves);
  await addBlocked(tx, { id, poolId }, blocked);
}

/** Makes the reservation block this too. */
export async function addBlocked(tx: Tx, { id, poolId }: Of, blocked: readonly Blocked[]): Promise<void> {
  if (blocked.length === 0) return;
  await tx.allocation.createMany({
    data: blocked.map((lease) => ({
      id: newId("allocation"),
      poolId,
      unitId: lease.unitId,
      kind: "booking",
      reservationId: id,
      startsAt: new Date(lease.from),
      endsAt: new Date(lease.to),
      blocksFrom: new Date(lease.blocksFrom),
      blocksTo: new Date(lease.blocksTo),
    })),
  });
}

/** In one statement, so that units may be swapped: the constraint against overlaps is looked at after it. */
export async function moveAllocations(tx: Tx, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  await tx.$executeRaw`
    UPDATE allocation a SET unit_id = m.unit_id
      FROM unnest(${moves.map(({ allocationId }) => allocationId)}::text[], ${moves.map(({ toUnit }) => toUnit)}::text[])
        AS m (id, unit_id)
     WHERE a.id = m.id`;
}
