import { ceilTo, floorTo } from "@/lib/contracts/booking-rules";
import { type Profile, runsWithRoom } from "@/lib/contracts/capacity-profile";
import { nodesOf } from "@/lib/reservations/planner/choose";
import type { Occupied } from "@/lib/reservations/planner/lane-table";
import type { Lane } from "@/lib/reservations/planner/place";

/** Starts from the first to the last of these, both included, in Unix milliseconds. */
export type StartRange = { first: number; last: number };

export type StartRequest = {
  count: number;
  /** From start to end, and what is blocked around it. */
  durationMs: number;
  bufferBeforeMs: number;
  bufferAfterMs: number;
  /** Nothing before or after these. */
  notBefore: number;
  finishBy: number;
};

/** When a booking could start if only the number of free GPUs counted: what no booking can be without. */
export function rangesByDepth(profile: Profile, request: StartRequest): StartRange[] {
  const ranges: StartRange[] = [];
  for (const { from, to } of runsWithRoom(profile, request.count)) {
    const range = startsWithin(from, to, request);
    if (range) ranges.push(range);
  }
  return ranges;
}

/**
 * When a booking could start without moving anything: the times at which at least `count` of the lanes, or of one node's,
 * are free from before its start until after its end. In order; one pass over what is busy.
 * @param busyOn what is on a lane, in order of time
 */
export function rangesByLanes(
  lanes: readonly Lane[],
  busyOn: (unitId: string) => readonly Occupied[],
  request: StartRequest & { oneNode: boolean },
): StartRange[] {
  const gapsOf = ({ id }: Lane): StartRange[] => {
    const starts: StartRange[] = [];
    let from = Number.NEGATIVE_INFINITY;
    const add = (to: number) => {
      const range = startsWithin(from, to, request);
      if (range) starts.push(range);
    };
    for (const item of busyOn(id)) {
      add(item.from);
      from = item.to;
    }
    add(Number.POSITIVE_INFINITY);
    return starts;
  };
  const places = request.oneNode ? nodesOf(lanes) : [lanes];
  const found = places
    .filter((place) => place.length >= request.count)
    .flatMap((place) => whereAtLeast(request.count, place.flatMap(gapsOf)));
  return whereAtLeast(1, found);
}

/** The starts that lie in ranges of both. */
export function intersect(a: readonly StartRange[], b: readonly StartRange[]): StartRange[] {
  return whereAtLeast(2, [...whereAtLeast(1, a), ...whereAtLeast(1, b)]);
}

/** The starts of a booking that has to be blocked within [from, to). */
function startsWithin(from: number, to: number, request: StartRequest): StartRange | null {
  const { durationMs, bufferBeforeMs, bufferAfterMs, notBefore, finishBy } = request;
  const first = Math.max(from + bufferBeforeMs, notBefore);
  const last = Math.min(to - bufferAfterMs, finishBy) - durationMs;
  return last >= first ? { first, last } : null;
}

/** Where at least so many of the ranges overlap. */
function whereAtLeast(count: number, ranges: readonly StartRange[]): StartRange[] {
  const changes = ranges.flatMap(({ first, last }) => [
    { at: first, by: 1 },
    { at: last, by: -1 },
  ]);
  // Both ends are included: at one moment, ranges begin before others end.
  changes.sort((a, b) => a.at - b.at || b.by - a.by);
  const found: StartRange[] = [];
  let depth = 0;
  let first: number | null = null;
  for (const { at, by } of changes) {
    depth += by;
    if (depth >= count && first === null) first = at;
    if (depth < count && first !== null) {
      found.push({ first, last: at });
      first = null;
    }
  }
  return found;
}

/** The earliest start on the grid within the ranges, at or after a time. */
export function earliestStart(ranges: readonly StartRange[], from: number, stepMs: number): number | null {
  for (const { first, last } of ranges) {
    const start = ceilTo(Math.max(first, from), stepMs);
    if (start <= last) return start;
  }
  return null;
}

/** The start on the grid within the ranges that lies nearest to a time; of two, the earlier. */
export function nearestStart(ranges: readonly StartRange[], near: number, stepMs: number): number | null {
  let best: number | null = null;
  for (const { first, last } of ranges) {
    const [low, high] = [ceilTo(first, stepMs), floorTo(last, stepMs)];
    if (high < low) continue;
    for (const start of [floorTo(near, stepMs), ceilTo(near, stepMs)]) {
      const inside = Math.min(high, Math.max(low, start));
      if (best === null || Math.abs(inside - near) < Math.abs(best - near)) best = inside;
    }
  }
  return best;
}
