import { type Part, tidy } from "@/lib/reservations/segments";

/** A unit for a range of time, in Unix milliseconds; what an allocation of a reservation says. */
export type Lease = { unitId: string; from: number; to: number };

/** A lease with the range that excludes others: with the pool's buffers around it. */
export type Blocked = Lease & { blocksFrom: number; blocksTo: number };

type Buffers = { bufferBeforeMs: number; bufferAfterMs: number };

/** @param units per part, as many as it has GPUs */
export function leasesOf(parts: readonly Part[], units: readonly (readonly string[])[]): Lease[] {
  return merge(parts.flatMap(({ from, to }, i) => (units[i] ?? []).map((unitId) => ({ unitId, from, to }))));
}

/** Leases of a unit that touch are one: nobody sets up or cleans up in between. */
export function merge(leases: readonly Lease[]): Lease[] {
  const sorted = leases.toSorted((a, b) => (a.unitId < b.unitId ? -1 : a.unitId > b.unitId ? 1 : a.from - b.from));
  const merged: Lease[] = [];
  for (const lease of sorted) {
    const last = merged.at(-1);
    if (last && last.unitId === lease.unitId && lease.from <= last.to) last.to = Math.max(last.to, lease.to);
    else merged.push({ ...lease });
  }
  return merged;
}

/** What of the leases lies in the range. */
export function clip(leases: readonly Lease[], from: number, to: number): Lease[] {
  return leases
    .map((lease) => ({ ...lease, from: Math.max(lease.from, from), to: Math.min(lease.to, to) }))
    .filter((lease) => lease.from < lease.to);
}

/**
 * The ranges that the leases of one reservation block. Where two of one unit are so close that their buffers would
 * meet, they share what is between them. A start or an end that stays as it was keeps the buffer that it has, and one
 * that comes nearer never blocks more than before: giving back cannot fail for want of room.
 * @param before what the reservation blocks now
 */
export function withBuffers(leases: readonly Lease[], pool: Buffers, before: readonly Blocked[] = []): Blocked[] {
  const blocked = merge(leases).map((lease) => {
    const old = before.find(({ unitId, from, to }) => unitId === lease.unitId && from < lease.to && lease.from < to);
    const blocksFrom = lease.from - pool.bufferBeforeMs;
    const blocksTo = lease.to + pool.bufferAfterMs;
    return {
      ...lease,
      blocksFrom:
        old && old.from <= lease.from ? Math.max(old.blocksFrom, Math.min(blocksFrom, lease.from)) : blocksFrom,
      blocksTo: old && lease.to <= old.to ? Math.min(old.blocksTo, Math.max(blocksTo, lease.to)) : blocksTo,
    };
  });
  for (const [index, next] of blocked.entries()) {
    const last = blocked[index - 1];
    if (!last || last.unitId !== next.unitId || last.blocksTo <= next.blocksFrom) continue;
    const border = Math.min(Math.max(next.blocksFrom, last.to), next.from);
    last.blocksTo = border;
    next.blocksFrom = border;
  }
  return blocked;
}

/**
 * The units that go on when a reservation has fewer GPUs than before in some parts of its time. Whole nodes are kept
 * rather than pieces of many, and the same units throughout rather than different ones.
 * @param parts what stays; nowhere more than there are leases
 */
export function keepSome(
  leases: readonly Lease[],
  parts: readonly Part[],
  nodeOf: (unitId: string) => string,
): Lease[] | null {
  const timeOf = sumBy(leases, ({ unitId }) => unitId);
  const onNode = sumBy(leases, ({ unitId }) => nodeOf(unitId));
  const ableIn = ({ from, to }: Part) =>
    leases.filter((lease) => lease.from <= from && to <= lease.to).map(({ unitId }) => unitId);
  if (parts.some((part) => ableIn(part).length < part.count)) return null;
  const units = parts.map((part) =>
    ableIn(part)
      .toSorted(
        (a, b) =>
          (onNode.get(nodeOf(b)) ?? 0) - (onNode.get(nodeOf(a)) ?? 0) ||
          (nodeOf(a) < nodeOf(b) ? -1 : nodeOf(a) > nodeOf(b) ? 1 : 0) ||
          (timeOf.get(b) ?? 0) - (timeOf.get(a) ?? 0) ||
          (a < b ? -1 : 1),
      )
      .slice(0, part.count),
  );
  return leasesOf(parts, units);
}

/** The same parts in pieces, none of which reaches over the beginning or the end of a lease. */
export function cutAtLeases(parts: readonly Part[], leases: readonly Lease[]): Part[] {
  const bounds = [...new Set(leases.flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => a - b);
  return parts.flatMap((part) => {
    const inside = bounds.filter((at) => part.from < at && at < part.to);
    const starts = [part.from, ...inside];
    return starts.map((from, i) => ({ from, to: starts[i + 1] ?? part.to, count: part.count }));
  });
}

/** How many leases there are when, as parts. */
export function partsOfLeases(leases: readonly Lease[]): Part[] {
  const times = [...new Set(leases.flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => a - b);
  return tidy(
    times.map((from, i) => ({
      from,
      to: times[i + 1] ?? from,
      count: leases.filter((lease) => lease.from <= from && from < lease.to).length,
    })),
  );
}

function sumBy(leases: readonly Lease[], keyOf: (lease: Lease) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const lease of leases) sums.set(keyOf(lease), (sums.get(keyOf(lease)) ?? 0) + lease.to - lease.from);
  return sums;
}
