"use client";
import { LoadError } from "@/components/shell/load-error";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatNumber } from "@/components/ui/format";
import { Stat, StatList } from "@/components/ui/key-value";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { StatusBadge } from "@/components/ui/status-badge";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import { ADMIN_LIMITS, type AdminStatus } from "@/lib/contracts/admin";
import { useRetryStuckMutation } from "@/store/admin-api";
import { useStatus } from "./use-status";

/** A delivery that has been due for longer than this, in ms, is late: workers take them within a second. */
const LATE_MS = 10_000;

/** How much waits, since when, and what would never be sent by itself. */
export function QueueCard() {
  const { data, error, isFetching, refetch } = useStatus();
  return (
    <Card>
      <CardHeader title="Queue" description="Deliveries of all projects that have not ended." />
      {data ? (
        <CardBody className="flex flex-col gap-5">
          <Figures status={data} />
          <Stuck count={data.queue.stuck} />
        </CardBody>
      ) : error ? (
        <LoadError error={error} onRetry={refetch} retrying={isFetching} />
      ) : (
        <SkeletonRows rows={3} label="Loading the queue" />
      )}
    </Card>
  );
}

function Figures({ status: { now, queue } }: { status: AdminStatus }) {
  const oldest = queue.oldest_due_at;
  const late = oldest !== null && Date.parse(now) - Date.parse(oldest) > LATE_MS;
  return (
    <StatList>
      <Stat label="Waiting">{counted(queue.waiting)}</Stat>
      <Stat label="Due">{counted(queue.due)}</Stat>
      <Stat label="Under way">{counted(queue.under_way)}</Stat>
      <Stat label="Oldest due">
        {late ? (
          <StatusBadge tone="caution" className="text-sm">
            <RelativeTime value={oldest} />
          </StatusBadge>
        ) : (
          <StatusBadge tone="positive" className="text-sm">
            None is late
          </StatusBadge>
        )}
      </Stat>
    </StatList>
  );
}

function Stuck({ count }: { count: number }) {
  const [retry] = useRetryStuckMutation();
  if (count === 0) {
    return (
      <p className="border-line border-t pt-3 text-ink-muted text-sm">
        No delivery is stuck. They are looked for every 5 minutes.
      </p>
    );
  }
  const deliveries = count === 1 ? "1 delivery is" : `${counted(count)} deliveries are`;
  return (
    <Alert
      tone="caution"
      title={`${deliveries} stuck`}
      actions={
        <ConfirmDialog
          trigger={<Button size="sm">Bring them back</Button>}
          title="Bring back what is stuck?"
          description="Deliveries of enabled webhooks are sent at once. Those of deleted webhooks are cancelled, which cannot be undone."
          confirmLabel="Bring them back"
          tone="primary"
          onConfirm={async () => {
            const { resumed, cancelled } = await retry().unwrap();
            toast.success(`${formatNumber(resumed)} are sent now, ${formatNumber(cancelled)} were cancelled`);
          }}
          describeError={errorWords}
        />
      }
    >
      They lost their due time, or their webhook was deleted while they were stored. It happens by itself every 5
      minutes.
    </Alert>
  );
}

/** Counting ends at a limit. */
function counted(value: number): string {
  return value >= ADMIN_LIMITS.counted ? `${formatNumber(ADMIN_LIMITS.counted)}+` : formatNumber(value);
}
