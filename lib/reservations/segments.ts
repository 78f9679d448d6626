import { z } from "zod";
import { type Segment, segmentSchema } from "@/lib/contracts/pricing";

/** So many GPUs over a half-open range, in Unix milliseconds. A reservation is a list of these: by time, no overlap. */
export type Part = { from: number; to: number; count: number };

const storedSchema = z.array(segmentSchema).min(1);

/** What a reservation's `segments` column holds. */
export function readParts(stored: unknown): Part[] {
  return storedSchema.parse(stored).map(({ starts_at, ends_at, gpu_count }) => ({
    from: Date.parse(starts_at),
    to: Date.parse(ends_at),
    count: gpu_count,
  }));
}

export function toSegments(parts: readonly Part[]): Segment[] {
  return parts.map(({ from, to, count }) => ({
    starts_at: new Date(from).toISOString(),
    ends_at: new Date(to).toISOString(),
    gpu_count: count,
  }));
}

/** @param parts at least one */
export function spanOf(parts: readonly Part[]): { from: number; to: number; most: number } {
  return {
    from: Math.min(...parts.map(({ from }) => from)),
    to: Math.max(...parts.map(({ to }) => to)),
    most: Math.max(...parts.map(({ count }) => count)),
  };
}

/** Without empty ones, and those that touch with the same number made one. */
export function tidy(parts: readonly Part[]): Part[] {
  const tidied: Part[] = [];
  for (const part of parts) {
    if (part.from >= part.to || part.count <= 0) continue;
    const last = tidied.at(-1);
    if (last && last.to === part.from && last.count === part.count) last.to = part.to;
    else tidied.push({ ...part });
  }
  return tidied;
}

/** What of the parts lies within the range. */
export function within(parts: readonly Part[], from: number, to: number): Part[] {
  return tidy(parts.map((part) => ({ ...part, from: Math.max(part.from, from), to: Math.min(part.to, to) })));
}

/** What stays when `count` GPUs are given back from a time to another; where there are fewer, all of them go. */
export function withoutRectangle(parts: readonly Part[], from: number, to: number, count: number): Part[] {
  return tidy(
    parts.flatMap((part) => [
      { ...part, to: Math.min(part.to, from) },
      { from: Math.max(part.from, from), to: Math.min(part.to, to), count: part.count - count },
      { ...part, from: Math.max(part.from, to) },
    ]),
  );
}

/**
 * Another number of GPUs from a time on: parts that have the most get the new number, the others keep theirs, but have
 * no more than it.
 */
export function withCount(parts: readonly Part[], count: number, from = Number.NEGATIVE_INFINITY): Part[] {
  const later = within(parts, from, Number.POSITIVE_INFINITY);
  if (later.length === 0) return tidy(parts);
  const { most } = spanOf(later);
  return tidy([
    ...within(parts, Number.NEGATIVE_INFINITY, from),
    ...later.map((part) => ({ ...part, count: part.count === most ? count : Math.min(part.count, count) })),
  ]);
}

/**
 * Another start and end. With the same length it moves as a whole; otherwise the first part begins and the last one ends
 * anew, and what lies outside falls away.
 */
export function withRange(parts: readonly Part[], from: number, to: number): Part[] {
  const span = spanOf(parts);
  if (to - from === span.to - span.from) {
    const shift = from - span.from;
    return parts.map((part) => ({ ...part, from: part.from + shift, to: part.to + shift }));
  }
  return within(
    parts.map((part, index) => ({
      ...part,
      from: index === 0 ? Math.min(part.from, from) : part.from,
      to: index === parts.length - 1 ? Math.max(part.to, to) : part.to,
    })),
    from,
    to,
  );
}

/** What `a` has more than `b`, over time. */
export function minus(a: readonly Part[], b: readonly Part[]): Part[] {
  const times = [...new Set([...a, ...b].flatMap(({ from, to }) => [from, to]))].sort((x, y) => x - y);
  return tidy(
    times.slice(0, -1).map((from, index) => ({
      from,
      to: times[index + 1] ?? from,
      count: countAt(a, from) - countAt(b, from),
    })),
  );
}

export function countAt(parts: readonly Part[], at: number): number {
  return parts.find(({ from, to }) => from <= at && at < to)?.count ?? 0;
}

export function sameParts(a: readonly Part[], b: readonly Part[]): boolean {
  return (
    a.length === b.length &&
    a.every((part, i) => part.from === b[i]?.from && part.to === b[i]?.to && part.count === b[i]?.count)
  );
}
