"use client";
import { Activity } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import { DeliveryTable } from "@/components/deliveries/delivery-table";
import { deliveriesHref } from "@/components/deliveries/links";
import { useWebhookNames } from "@/components/deliveries/use-webhook-names";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card, CardFooter } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatNumber } from "@/components/ui/format";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useWebhook } from "@/components/webhooks/webhook-context";
import { useDeliveryLog } from "@/store/use-delivery-log";

/** Rows shown here; the log has them all. */
const SHOWN = 30;

/** The newest deliveries of this webhook. Rows change in place; new ones wait to be asked for. */
export function WebhookDeliveries() {
  const { project } = useProject();
  const { webhook } = useWebhook();
  const names = useWebhookNames(project.id);
  const filter = useMemo(() => ({ webhook_id: [webhook.id] }), [webhook.id]);
  const log = useDeliveryLog({ projectId: project.id, filter });
  const href = deliveriesHref({ webhook_id: webhook.id });
  if (log.rows.length === 0) {
    return (
      <Card>
        {log.isLoading ? (
          <SkeletonRows rows={8} label="Loading deliveries" />
        ) : log.error ? (
          <LoadError error={log.error} onRetry={log.showNew} retrying={log.isRefreshing} />
        ) : (
          <EmptyState icon={<Activity />} title="Nothing was sent to this webhook yet">
            Press “Send test” above, or emit an event of a type it is subscribed to. Its deliveries appear here by
            themselves.
          </EmptyState>
        )}
      </Card>
    );
  }
  const shown = log.rows.slice(0, SHOWN);
  return (
    <Card>
      {log.newCount === 0 ? null : (
        <div className="flex justify-center border-line border-b p-1.5">
          <Button size="sm" onClick={() => void log.showNew()} loading={log.isRefreshing}>
            Show {formatNumber(log.newCount)} new
          </Button>
        </div>
      )}
      <DeliveryTable deliveries={shown} label="Deliveries of this webhook, newest first" webhooks={names} hideWebhook />
      <CardFooter>
        <span>
          {log.hasMore || log.rows.length > shown.length ? `The newest ${shown.length}` : `${shown.length} in all`}
        </span>
        <Link href={href} className="font-medium text-accent hover:underline">
          See all in the log
        </Link>
      </CardFooter>
    </Card>
  );
}
