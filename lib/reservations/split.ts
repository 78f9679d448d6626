import { ceilTo, floorTo, gridMs } from "@/lib/contracts/booking-rules";
import { runsWithRoom } from "@/lib/contracts/capacity-profile";
import { horizonOf, type Shape, type Site } from "@/lib/reservations/feasibility";
import type { Part } from "@/lib/reservations/segments";

/** More interruptions than this are worse than waiting. */
const MOST_PARTS = 3;
/** A part shorter than this share of the whole is not worth the trouble. */
const LEAST_SHARE = 0.15;

const MINUTE_MS = 60_000;

/**
 * The same GPU time with breaks: from the start that was asked for on, the stretches in which so many are free, until it
 * is enough. None or one; by number alone, so the caller has to verify it.
 */
export function splitInTime(site: Site, want: Shape): Part[][] {
  const [asked] = want.parts;
  if (!asked || want.parts.length > 1) return [];
  const { bufferBeforeMs, bufferAfterMs, rules } = site.pool;
  const grid = gridMs(rules);
  const latest = Math.min(horizonOf(site), asked.from + rules.max_duration_minutes * MINUTE_MS);
  let left = asked.to - asked.from;
  const least = left * LEAST_SHARE;
  const parts: Part[] = [];
  for (const run of runsWithRoom(site.profile, asked.count)) {
    const from = ceilTo(Math.max(run.from + bufferBeforeMs, asked.from), grid);
    const to = floorTo(Math.min(run.to - bufferAfterMs, latest, from + left), grid);
    if (from >= latest) break;
    if (to - from < Math.min(least, left)) continue;
    parts.push({ from, to, count: asked.count });
    left -= to - from;
    if (left <= 0) return parts.length > 1 ? [parts] : [];
    if (parts.length === MOST_PARTS) break;
  }
  return [];
}
