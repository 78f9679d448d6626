import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { type Price, refundRate, usedMicros } from "@/lib/contracts/pricing";

const HOUR_MS = 3_600_000;

/** From a moment on, cancelling gives back `rateBps` of what is not used up. Times in Unix ms, amounts in micro-credits. */
export type RefundStep = { from: number; to: number; rateBps: number; refundAtStart: bigint; refundAtEnd: bigint };

export type RefundPlan = {
  price: Price;
  startsAt: number;
  endsAt: number;
  policy: Pick<BookingPolicy, "refund">;
  /** The best rate that it may still get, in basis points. */
  capBps: number;
};

/** What cancelling at a moment gives back, in micro-credits: a share of what is not used up by then. */
export function refundAt({ price, startsAt, policy, capBps }: RefundPlan, at: number): bigint {
  const rest = BigInt(price.total_micros) - usedMicros(price, new Date(at));
  const rate = Math.min(refundRate(policy, startsAt - at), capBps);
  return (rest * BigInt(rate)) / 10_000n;
}

/** The stretches of time from now to the end in which the rate is the same, in order. */
export function refundSteps(plan: RefundPlan, now: number): RefundStep[] {
  const { startsAt, endsAt, policy, capBps } = plan;
  // A rung counts while the notice is at least its hours: the rate falls a moment after.
  const falls = policy.refund.by_notice
    .filter(({ from_hours }) => from_hours > 0)
    .map(({ from_hours }) => startsAt - from_hours * HOUR_MS + 1)
    .filter((at) => at > now && at < startsAt);
  const bounds = [...new Set([now, ...falls, startsAt, endsAt])].filter((at) => at >= now && at <= endsAt).sort(byTime);
  const steps: RefundStep[] = [];
  for (const [index, from] of bounds.entries()) {
    const to = bounds[index + 1];
    if (to === undefined) break;
    const rateBps = Math.min(refundRate(policy, startsAt - from), capBps);
    const last = steps.at(-1);
    const hasStarted = from >= startsAt;
    if (last !== undefined && last.rateBps === rateBps && !hasStarted) {
      last.to = to;
      last.refundAtEnd = refundAt(plan, to - 1);
      continue;
    }
    steps.push({ from, to, rateBps, refundAtStart: refundAt(plan, from), refundAtEnd: refundAt(plan, to - 1) });
  }
  return steps;
}

function byTime(a: number, b: number): number {
  return a - b;
}
