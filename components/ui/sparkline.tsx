import { useId } from "react";
import { cn } from "./cn";
import { formatNumber, formatPercent } from "./format";

export type SparklineBucket = { success: number; failure: number };

export type SparklineProps = {
  buckets: readonly SparklineBucket[];
  /** What is counted and over which time: "Deliveries, last 24 hours". */
  label: string;
  /** px */
  height?: number | undefined;
  className?: string | undefined;
};

const STEP = 5;
const BAR = 4;

/** Tiny stacked bars; failures lie on top, hatched as well as red. Empty times keep a hairline, so that gaps read as gaps. */
export function Sparkline({ buckets, label, height = 16, className }: SparklineProps) {
  const pattern = useId();
  const peak = Math.max(1, ...buckets.map((bucket) => bucket.success + bucket.failure));
  const width = Math.max(1, buckets.length * STEP - (STEP - BAR));
  return (
    <svg
      role="img"
      aria-label={`${label}: ${summary(buckets)}`}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={cn("block w-full max-w-40 overflow-visible", className)}
      style={{ height }}
    >
      <defs>
        <pattern id={pattern} width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="3" height="3" className="fill-danger" />
          <rect width="1" height="3" className="fill-surface" />
        </pattern>
      </defs>
      {buckets.map((bucket, index) => {
        const success = barHeight(bucket.success, peak, height);
        const failure = barHeight(bucket.failure, peak, height);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place in time
          <g key={index} transform={`translate(${index * STEP} 0)`}>
            <rect y={height - 1} width={BAR} height={1} className="fill-line-strong" />
            <rect y={height - success} width={BAR} height={success} className="fill-positive-fill" />
            <rect y={Math.max(0, height - success - failure)} width={BAR} height={failure} fill={`url(#${pattern})`} />
          </g>
        );
      })}
    </svg>
  );
}

/** At least 2 px for anything that happened: one failure among a thousand must be seen. */
function barHeight(count: number, peak: number, height: number): number {
  return count === 0 ? 0 : Math.max(2, Math.round((count / peak) * height));
}

function summary(buckets: readonly SparklineBucket[]): string {
  const success = buckets.reduce((sum, bucket) => sum + bucket.success, 0);
  const failure = buckets.reduce((sum, bucket) => sum + bucket.failure, 0);
  const total = success + failure;
  if (total === 0) return "none";
  return `${formatNumber(success)} succeeded, ${formatNumber(failure)} failed, ${formatPercent(success / total)} success`;
}
