/** GPUs that a booking paid for and did not have. Half-open, in Unix milliseconds. */
export type LostTime = { unitId: string; node: string; lane: number; from: number; to: number };

export type SlaLine = {
  unit_id: string;
  node: string;
  lane: number;
  starts_at: string;
  ends_at: string;
  /** Begun minutes. */
  minutes: number;
  micros: number;
};

export type SlaCredit = {
  lines: SlaLine[];
  minutes: number;
  rate_micros_per_gpu_hour: number;
  discount_bps: number;
  multiplier_bps: number;
  /** Whether more would have been due than the booking costs. */
  capped: boolean;
  total_micros: number;
};

const MINUTE_MS = 60_000;
const WHOLE = 10_000n;

/**
 * What is credited for GPUs that a booking did not have: every begun minute of every GPU, at the price that the booking
 * pays for it, times the multiplier. Lines are differences of rounded running sums, so that they add up to the whole.
 * @param multiplierBps 20000 is twice the price
 * @param capMicros what is credited at most: the price of the booking, less what was credited for it before
 */
export function slaCredit(
  lost: readonly LostTime[],
  price: { rate_micros_per_gpu_hour: number; discount_bps: number },
  { multiplierBps, capMicros }: { multiplierBps: number; capMicros: bigint },
): SlaCredit {
  const { rate_micros_per_gpu_hour, discount_bps } = price;
  const perHour = BigInt(rate_micros_per_gpu_hour) * (WHOLE - BigInt(discount_bps)) * BigInt(multiplierBps);
  const cap = capMicros > 0n ? capMicros : 0n;
  let [minutes, credited, capped] = [0, 0n, false];
  const lines = lost
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.from - b.from || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.lane - b.lane))
    .map(({ unitId, node, lane, from, to }): SlaLine => {
      const own = Math.ceil((to - from) / MINUTE_MS);
      minutes += own;
      const due = (perHour * BigInt(minutes)) / (60n * WHOLE * WHOLE);
      const sum = due > cap ? cap : due;
      capped ||= due > cap;
      const micros = Number(sum - credited);
      credited = sum;
      return {
        unit_id: unitId,
        node,
        lane,
        starts_at: new Date(from).toISOString(),
        ends_at: new Date(to).toISOString(),
        minutes: own,
        micros,
      };
    });
  return {
    lines,
    minutes,
    rate_micros_per_gpu_hour,
    discount_bps,
    multiplier_bps: multiplierBps,
    capped,
    total_micros: Number(credited),
  };
}
