import { CircleCheck, CircleX } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { formatNumber, formatPercent } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { Sparkline } from "@/components/ui/sparkline";
import { successShare } from "@/components/webhooks/words";
import type { WebhookHealth } from "@/lib/contracts/webhooks";

/** The last 24 hours in little room: bars per hour, the share of success, the failures in words. */
export function HealthSummary({ health, label }: { health: WebhookHealth; label: string }) {
  const share = successShare(health);
  if (share === null) return <span className="text-ink-muted text-xs">No deliveries in 24 h</span>;
  return (
    <span className="flex items-center gap-3">
      <HealthBars health={health} label={label} className="w-28" />
      <span className="flex flex-col whitespace-nowrap tabular-nums">
        <span className={cn("font-medium", health.failed > 0 && "text-danger")}>{formatPercent(share)}</span>
        {health.failed > 0 ? (
          <span className="text-ink-muted text-xs">{formatNumber(health.failed)} failed</span>
        ) : null}
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
      label={`Deliveries to ${label}, last 24 hours`}
      buckets={health.hours.map(({ delivered, failed }) => ({ success: delivered, failure: failed }))}
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
