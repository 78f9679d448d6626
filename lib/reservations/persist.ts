import type { Tx } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import type { Blocked } from "@/lib/reservations/leases";
import type { Move } from "@/lib/reservations/planner/place";
import type { Scene } from "@/lib/reservations/scene";

type Of = { id: string };

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
  { id }: Of,
  blocked: readonly Blocked[],
  moves: readonly Move[] = [],
): Promise<void> {
  const { tx } = scene;
  await tx.allocation.deleteMany({ where: { reservationId: id } });
  await moveAllocations(tx, moves);
  await addBlocked(tx, { id }, blocked);
}

/**
 * Makes the reservation block this too, each unit in the pool that it belongs to: after a failover to another pool, what
 * has passed stays where it was.
 */
export async function addBlocked(tx: Tx, { id }: Of, blocked: readonly Blocked[]): Promise<void> {
  if (blocked.length === 0) return;
  const dates = (pick: (lease: Blocked) => number) => blocked.map((lease) => new Date(pick(lease)));
  await tx.$executeRaw`
    INSERT INTO allocation (id, pool_id, unit_id, kind, reservation_id, starts_at, ends_at, blocks_from, blocks_to)
    SELECT b.id, u.pool_id, u.id, 'booking', ${id}, b.starts_at, b.ends_at, b.blocks_from, b.blocks_to
      FROM unnest(${blocked.map(() => newId("allocation"))}::text[], ${blocked.map(({ unitId }) => unitId)}::text[],
                  ${dates(({ from }) => from)}::timestamptz[], ${dates(({ to }) => to)}::timestamptz[],
                  ${dates(({ blocksFrom }) => blocksFrom)}::timestamptz[],
                  ${dates(({ blocksTo }) => blocksTo)}::timestamptz[])
           AS b (id, unit_id, starts_at, ends_at, blocks_from, blocks_to)
      JOIN unit u ON u.id = b.unit_id`;
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
