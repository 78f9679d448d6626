/** What occupies a lane, in Unix milliseconds, half-open. */
export type Occupied = { from: number; to: number };

/** What a choice of lanes asks a table. */
export type LaneView = {
  isFree: (unitId: string, from: number, to: number) => boolean;
  gap: (unitId: string, from: number, to: number) => number;
};

/**
 * Which lanes are taken when, and by what. Per lane the ranges are sorted and do not overlap: questions are binary
 * searches. What is tried out can be undone, so that one table serves many questions.
 */
export class LaneTable<T extends Occupied = Occupied> implements LaneView {
  readonly #ranges = new Map<string, T[]>();
  #undo: (() => void)[] = [];

  constructor(unitIds: Iterable<string>) {
    for (const id of unitIds) this.#ranges.set(id, []);
  }

  /** Takes many at once; what is on units that are no lanes is left out. */
  fill(items: Iterable<T & { unitId: string }>): this {
    for (const item of items) this.#ranges.get(item.unitId)?.push(item);
    for (const ranges of this.#ranges.values()) ranges.sort((a, b) => a.from - b.from);
    return this;
  }

  /** In order of time. */
  on(unitId: string): readonly T[] {
    return this.#ranges.get(unitId) ?? [];
  }

  isFree(unitId: string, from: number, to: number): boolean {
    const ranges = this.#ranges.get(unitId);
    if (!ranges) return false;
    return (ranges[firstEndingAfter(ranges, from)]?.from ?? Number.POSITIVE_INFINITY) >= to;
  }

  /** The shorter of the idle times before and after the range, if it went here: the smaller, the better it fits. */
  gap(unitId: string, from: number, to: number): number {
    const ranges = this.#ranges.get(unitId) ?? [];
    const next = firstEndingAfter(ranges, from);
    const before = from - (ranges[next - 1]?.to ?? Number.NEGATIVE_INFINITY);
    const after = (ranges[next]?.from ?? Number.POSITIVE_INFINITY) - to;
    return Math.min(before, after);
  }

  /** What is in the way of the range, in order of time. */
  overlapping(unitId: string, from: number, to: number): T[] {
    const ranges = this.#ranges.get(unitId) ?? [];
    const found: T[] = [];
    for (let i = firstEndingAfter(ranges, from); (ranges[i]?.from ?? Number.POSITIVE_INFINITY) < to; i += 1) {
      const range = ranges[i];
      if (range) found.push(range);
    }
    return found;
  }

  /** The caller has asked isFree. */
  take(unitId: string, item: T): void {
    this.#insert(unitId, item);
    this.#undo.push(() => this.#remove(unitId, item));
  }

  release(unitId: string, { from, to }: Occupied): void {
    const removed = this.#remove(unitId, { from, to });
    if (removed) this.#undo.push(() => this.#insert(unitId, removed));
  }

  /** A point to come back to. */
  mark(): number {
    return this.#undo.length;
  }

  /** Undoes what was taken and released since the mark. */
  rollback(mark: number): void {
    for (const undo of this.#undo.splice(mark).reverse()) undo();
  }

  #insert(unitId: string, item: T): void {
    const ranges = this.#ranges.get(unitId);
    ranges?.splice(firstEndingAfter(ranges, item.from), 0, item);
  }

  #remove(unitId: string, { from, to }: Occupied): T | undefined {
    const ranges = this.#ranges.get(unitId);
    if (!ranges) return undefined;
    const index = firstEndingAfter(ranges, from);
    const found = ranges[index];
    if (found?.from !== from || found.to !== to) return undefined;
    ranges.splice(index, 1);
    return found;
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
