/** FAULTS_SCALE: how many times as many faults and deliveries as usual, for a long run. */
const SCALE = Number(process.env.FAULTS_SCALE ?? 1);
if (!(SCALE >= 1 && SCALE <= 1_000)) throw new Error("FAULTS_SCALE must be a number from 1 to 1000.");

/** A count of faults or deliveries, or a time to wait for them, at the scale of this run. */
export function scaled(count: number): number {
  return Math.round(count * SCALE);
}

export const IS_LONG_RUN = SCALE > 1;
