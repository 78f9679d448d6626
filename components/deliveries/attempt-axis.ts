export type AxisAttempt = { number: number; startedAt: number; lengthMs: number; ok: boolean };

export type AxisSegment =
  | { kind: "attempt"; number: number; ok: boolean; lengthMs: number; grow: number }
  /** The time between two attempts, or before the first and the next one. Broken: drawn much shorter than it is. */
  | { kind: "gap"; before: number; lengthMs: number; grow: number; broken: boolean }
  | { kind: "next"; number: number; grow: number };

/** A gap that is longer than this many times all the rest is cut, and drawn as long as a third of the rest. */
const BREAK_AT = 3;
const BROKEN_SHARE = 1 / 3;

/**
 * Attempts and the time between them on one axis, each `grow` in ms of the axis: to scale, except for gaps that would
 * leave nothing to see of the others; those are marked as broken.
 * @param next the attempt that is planned and when, in Unix ms
 */
export function axisSegments(
  attempts: readonly AxisAttempt[],
  next: { number: number; at: number } | null,
): AxisSegment[] {
  const segments: AxisSegment[] = [];
  let end: number | null = null;
  const addGap = (before: number, until: number) => {
    if (end === null) return;
    const lengthMs = Math.max(until - end, 0);
    segments.push({ kind: "gap", before, lengthMs, grow: lengthMs, broken: false });
  };
  for (const { number, startedAt, lengthMs, ok } of attempts) {
    addGap(number, startedAt);
    segments.push({ kind: "attempt", number, ok, lengthMs, grow: lengthMs });
    end = startedAt + lengthMs;
  }
  if (next !== null) {
    addGap(next.number, next.at);
    segments.push({ kind: "next", number: next.number, grow: 0 });
  }
  breakGaps(segments);
  return segments;
}

function breakGaps(segments: AxisSegment[]): void {
  const gaps = segments.filter((segment) => segment.kind === "gap").sort((a, b) => b.grow - a.grow);
  // The shortest sets the scale: breaking it too would leave the attempts alone, as if they had taken all the time.
  for (const gap of gaps.slice(0, -1)) {
    const rest = segments.reduce((sum, segment) => sum + (segment === gap || isBroken(segment) ? 0 : segment.grow), 0);
    if (gap.grow <= BREAK_AT * rest) break;
    gap.broken = true;
  }
  const whole = segments.reduce((sum, segment) => sum + (isBroken(segment) ? 0 : segment.grow), 0);
  for (const gap of gaps) if (gap.broken) gap.grow = whole * BROKEN_SHARE;
}

function isBroken(segment: AxisSegment): boolean {
  return segment.kind === "gap" && segment.broken;
}
