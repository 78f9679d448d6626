import type { Tx } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { ALL_TIME } from "@/lib/reservations/pool-state";

type Range = { from: number; to: number };
type Outage = Range & { id: string };

/**
 * Keeps failed units of a pool out of use: whatever of their time from now on no booking or maintenance has is blocked by
 * allocations of kind "outage", without an end. Bookings that wait for the repair stay between them. Under the pool's lock;
 * repeatable, and writes only what is not so yet.
 */
export async function layOutages(tx: Tx, poolId: string, now: Date): Promise<void> {
  const failed = await tx.unit.findMany({
    where: { poolId, health: "failed", retiredAt: null },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  if (failed.length === 0) return;
  const rows = await tx.allocation.findMany({
    where: { unitId: { in: failed.map(({ id }) => id) }, blocksTo: { gt: now } },
    select: { id: true, unitId: true, kind: true, blocksFrom: true, blocksTo: true },
    orderBy: { blocksFrom: "asc" },
  });
  const byUnit = Map.groupBy(rows, ({ unitId }) => unitId);
  const remove: string[] = [];
  const resize: { id: string; to: number }[] = [];
  const add: (Range & { unitId: string })[] = [];
  for (const { id: unitId } of failed) {
    const own = (byUnit.get(unitId) ?? []).map(({ id, kind, blocksFrom, blocksTo }) => ({
      id,
      kind,
      from: blocksFrom.getTime(),
      to: blocksTo.getTime(),
    }));
    const outages = own.filter(({ kind }) => kind === "outage");
    const wanted = gaps(
      own.filter(({ kind }) => kind !== "outage"),
      now.getTime(),
    );
    const plan = compare(outages, wanted, now.getTime());
    remove.push(...plan.remove);
    resize.push(...plan.resize);
    add.push(...plan.add.map((range) => ({ ...range, unitId })));
  }
  if (remove.length > 0) await tx.allocation.deleteMany({ where: { id: { in: remove } } });
  if (resize.length > 0) {
    await tx.$executeRaw`
      UPDATE allocation a SET ends_at = r.ends_at, blocks_to = r.ends_at
        FROM unnest(${resize.map(({ id }) => id)}::text[], ${resize.map(({ to }) => new Date(to))}::timestamptz[]) AS r (id, ends_at)
       WHERE a.id = r.id`;
  }
  if (add.length > 0) {
    const starts = add.map(({ from }) => new Date(from));
    const ends = add.map(({ to }) => new Date(to));
    await tx.allocation.createMany({
      data: add.map(({ unitId }, i) => ({
        id: newId("allocation"),
        poolId,
        unitId,
        kind: "outage",
        startsAt: starts[i] as Date,
        endsAt: ends[i] as Date,
        blocksFrom: starts[i] as Date,
        blocksTo: ends[i] as Date,
      })),
    });
  }
}

/** Ends the outages of units at this moment; what has passed of them stays. Under the pool's lock. */
export async function endOutages(tx: Tx, unitIds: readonly string[], now: Date): Promise<void> {
  const outages = { unitId: { in: [...unitIds] }, kind: "outage" };
  await tx.allocation.deleteMany({ where: { ...outages, startsAt: { gte: now } } });
  await tx.allocation.updateMany({ where: { ...outages, endsAt: { gt: now } }, data: { endsAt: now, blocksTo: now } });
}

/** What of the time from now on is not taken. @param taken in order, without overlap */
export function gaps(taken: readonly Range[], now: number): Range[] {
  const found: Range[] = [];
  let from = now;
  for (const range of taken) {
    if (range.from > from) found.push({ from, to: range.from });
    from = Math.max(from, range.to);
  }
  found.push({ from, to: ALL_TIME.getTime() });
  return found;
}

/** The outage that is under way goes on where its gap does; the others are laid anew where they do not fit. */
function compare(outages: readonly Outage[], wanted: readonly Range[], now: number) {
  const remove: string[] = [];
  const resize: { id: string; to: number }[] = [];
  const open = [...wanted];
  for (const outage of outages) {
    const from = Math.max(outage.from, now);
    const index = open.findIndex((range) => range.from === from);
    const fits = open[index];
    if (!fits) {
      if (outage.from < now) resize.push({ id: outage.id, to: now });
      else remove.push(outage.id);
      continue;
    }
    open.splice(index, 1);
    if (fits.to !== outage.to) resize.push({ id: outage.id, to: fits.to });
  }
  return { remove, resize, add: open };
}
