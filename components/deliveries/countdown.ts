import { formatDuration } from "@/components/ui/format";

/**
 * How long until a moment, to the second: `in 4 s`, `in 3 min 12 s`, `in 2 h 5 min`; `due now` once it has come. Seconds
 * are rounded up, so that the last one reads "in 1 s" and never "in 0 s". Both in Unix ms.
 */
export function countdownText(at: number, now: number): string {
  const left = at - now;
  if (!Number.isFinite(left)) return "–";
  return left <= 0 ? "due now" : `in ${formatDuration(Math.ceil(left / 1000) * 1000)}`;
}
