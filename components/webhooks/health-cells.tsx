import { CircleCheck, CircleX } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { formatDuration, formatPercent } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { Sparkline } from "@/components/ui/sparkline";
import type { WebhookHealth } from "@/lib/contracts/webhooks";

/** From this share of successful attempts on, failures are no news. */
const FINE_FROM = 0.95;

/** The last 24 hours in little room: bars per hour, the share of attempts that succeeded, how long 95 % of them took. */
export function HealthSummary({ health, label }: { health: WebhookHealth; label: string }) {
  const { success_rate: rate, p95_ms: p95 } = health;
  if (rate === null) return <span className="text-ink-muted text-xs">No attempts in 24 h</span>;
  return (
    <span className="flex items-center gap-3">
      <HealthBars health={health} label={label} className="w-28" />
      <span className="flex flex-col whitespace-nowrap tabular-nums">
        <span title="Attempts that succeeded" className={cn("font-medium", rate < FINE_FROM && "text-danger")}>
          {formatPercent(rate)}
        </span>
        {p95 === null ? null : (
          <span title="95% of attempts took no longer" className="text-ink-muted text-xs">
            p95 {formatDuration(p95)}
          </span>
        )}
      </span>
    </span>
  );
}

export function HealthBars({
  health,
  label,
  height,
  className,
}: {
  health: WebhookHealth;
  label: string;
  height?: number | undefined;
  className?: string | undefined;
}) {
  return (
    <Sparkline
      label={`Attempts to reach ${label}, last 24 hours`}
      buckets={health.hours.map(({ attempts_ok, attempts_failed }) => ({
        success: attempts_ok,
        failure: attempts_failed,
      }))}
      height={height}
      className={className}
    />
  );
}

/** How the last attempt went and when; icon and code tell success and failure apart. */
export function LastAttempt({ attempt }: { attempt: WebhookHealth["last_attempt"] }) {
  if (attempt === null) return <span className="text-ink-muted">None yet</span>;
  const Icon = attempt.ok ? CircleCheck : CircleX;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Icon
        aria-label={attempt.ok ? "Succeeded" : "Failed"}
        role="img"
        className={cn("size-3.5 shrink-0", attempt.ok ? "text-positive" : "text-danger")}
      />
      <span className={cn("tabular-nums", !attempt.ok && "text-danger")}>{attempt.http_status ?? "No answer"}</span>
      <RelativeTime value={attempt.at} className="text-ink-muted text-xs" />
    </span>
  );
}

/** While the numbers are on their way, or "–" when they could not be read: never a zero that nobody counted. */
export function HealthMissing({ failed }: { failed: boolean }) {
  return failed ? <span title="These numbers could not be read">–</span> : <Skeleton className="h-3 w-16" />;
}
