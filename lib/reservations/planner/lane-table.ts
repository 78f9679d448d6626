/** What occupies a lane, in Unix milliseconds, half-open. */
export type Occupied = { from: number; to: number };

/** Which lanes are taken when. Per lane the ranges are sorted and do not overlap, so every question is a binary search. */
export class LaneTable {
  readonly #ranges = new Map<string, Occupied[]>();

  constructor(unitIds: Iterable<string>) {
    for (const id of unitIds) this.#ranges.set(id, []);
  }

  /** Takes many at once; ranges on units that are no lanes are left out. */
  fill(items: Iterable<Occupied & { unitId: string }>): this {
    for (const { unitId, from, to } of items) this.#ranges.get(unitId)?.push({ from, to });
    for (const ranges of this.#ranges.values()) ranges.sort((a, b) => a.from - b.from);
    return this;
  }

  has(unitId: string): boolean {
    return this.#ranges.has(unitId);
  }

  isFree(unitId: string, from: number, to: number): boolean {
    const ranges = this.#ranges.get(unitId);
    if (!ranges) return false;
    const next = firstEndingAfter(ranges, from);
    return (ranges[next]?.from ?? Number.POSITIVE_INFINITY) >= to;
  }

  /** The shorter of the idle times before and after the range, if it went here: the smaller, the better it fits. */
  gap(unitId: string, from: number, to: number): number {
    const ranges = this.#ranges.get(unitId) ?? [];
    const next = firstEndingAfter(ranges, from);
    const before = from - (ranges[next - 1]?.to ?? Number.NEGATIVE_INFINITY);
    const after = (ranges[next]?.from ?? Number.POSITIVE_INFINITY) - to;
    return Math.min(before, after);
  }

  /** The caller has asked isFree. */
  take(unitId: string, from: number, to: number): void {
    const ranges = this.#ranges.get(unitId);
    ranges?.splice(firstEndingAfter(ranges, from), 0, { from, to });
  }

  release(unitId: string, from: number, to: number): void {
    const ranges = this.#ranges.get(unitId);
    if (!ranges) return;
    const index = firstEndingAfter(ranges, from);
    if (ranges[index]?.from === from && ranges[index]?.to === to) ranges.splice(index, 1);
  }
}

function firstEndingAfter(ranges: readonly Occupied[], at: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.to ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
