import { cn } from "./cn";

export type ProgressProps = {
  /** What is under way, for screen readers. */
  label: string;
  /** How much is done; leave out when it is not known. */
  value?: number | undefined;
  max?: number | undefined;
  tone?: "accent" | "positive" | "danger" | undefined;
  className?: string | undefined;
};

const fills = { accent: "bg-accent-fill", positive: "bg-positive-fill", danger: "bg-danger-fill" };

/** How far something has come. The figures belong beside it in words. */
export function Progress({ label, value, max = 100, tone = "accent", className }: ProgressProps) {
  const share = value === undefined || max <= 0 ? undefined : Math.min(1, Math.max(0, value / max));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      className={cn("h-1.5 w-full overflow-hidden rounded-full bg-line", className)}
    >
      <div
        className={cn(
          "h-full rounded-full transition-[width] duration-300",
          fills[tone],
          share === undefined && "w-1/3 animate-pulse",
        )}
        style={share === undefined ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  );
}
