"use client";
import { BellOff } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import { DeliveryTable } from "@/components/deliveries/delivery-table";
import { WEBHOOKS } from "@/components/deliveries/links";
import { useWebhookNames } from "@/components/deliveries/use-webhook-names";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { EventDetail } from "@/lib/contracts/events";
import { describeError } from "@/store/api-error";
import { useDeliveryLog } from "@/store/use-delivery-log";

/** The event's deliveries with their states, which go on by themselves. */
export function EventDeliveries({ event }: { event: EventDetail }) {
  const { project } = useProject();
  const webhooks = useWebhookNames(project.id);
  const filter = useMemo(() => ({ q: event.id }), [event.id]);
  const log = useDeliveryLog({ projectId: project.id, filter });
  return (
    <Section title="Deliveries" description="One for each webhook that was subscribed and enabled when it was emitted.">
      <Card>
        {log.rows.length > 0 ? (
          <>
            <DeliveryTable deliveries={log.rows} label="Deliveries of this event" webhooks={webhooks} hideType />
            {log.hasMore ? (
              <LoadMore
                shown={log.rows.length}
                noun="deliveries"
                hasMore
                loading={log.isLoadingMore}
                onLoadMore={() => void log.loadMore()}
                error={log.error === undefined ? undefined : describeError(log.error).detail}
              />
            ) : null}
          </>
        ) : log.isLoading ? (
          <SkeletonRows rows={2} label="Loading deliveries" />
        ) : log.error !== undefined ? (
          <Failed error={log.error} onRetry={() => void log.showNew()} />
        ) : (
          <EmptyState
            icon={<BellOff />}
            title="This event was delivered to nobody"
            actions={
              <Button asChild>
                <Link href={WEBHOOKS}>Webhooks</Link>
              </Button>
            }
          >
            No enabled webhook was subscribed to <code className="font-mono">{event.type}</code> when it was emitted.
            Webhooks that subscribe later get later events only.
          </EmptyState>
        )}
      </Card>
    </Section>
  );
}

function Failed({ error, onRetry }: { error: Parameters<typeof describeError>[0]; onRetry: () => void }) {
  const { title, detail, requestId } = describeError(error);
  return <ErrorState title={title} message={detail} {...(requestId === null ? {} : { requestId })} onRetry={onRetry} />;
}
