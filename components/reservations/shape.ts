import type { Segment } from "@/lib/contracts/pricing";

/** So many GPUs from a time to another, in Unix ms. */
export type Block = { from: number; to: number; count: number };

/** What of `before` is no longer in `after`: for each stretch of time how many GPUs stay and how many go. */
export function compareShapes(before: readonly Segment[], after: readonly Segment[]): (Block & { gone: number })[] {
  const [old, now] = [before.map(toBlock), after.map(toBlock)];
  const times = [...new Set([...old, ...now].flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  return times.slice(0, -1).flatMap((from, index) => {
    const to = times[index + 1] ?? from;
    const was = countAt(old, from);
    const count = countAt(now, from);
    return was === 0 && count === 0 ? [] : [{ from, to, count, gone: Math.max(0, was - count) }];
  });
}

/** The most GPUs at any time within a range. */
export function mostWithin(segments: readonly Segment[], from: number, to: number): number {
  const counts = segments.map(toBlock).filter((block) => block.from < to && block.to > from);
  return Math.max(0, ...counts.map(({ count }) => count));
}

function toBlock({ starts_at, ends_at, gpu_count }: Segment): Block {
  return { from: Date.parse(starts_at), to: Date.parse(ends_at), count: gpu_count };
}

function countAt(blocks: readonly Block[], at: number): number {
  return blocks.find(({ from, to }) => from <= at && at < to)?.count ?? 0;
}
