"use client";

import { CircleCheck, Webhook as WebhookIcon } from "lucide-react";
import { useMemo } from "react";
import { useProject } from "@/components/shell/project-context";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Sparkline } from "@/components/ui/sparkline";
import { StatusBadge } from "@/components/ui/status-badge";
import { RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Webhook, WebhookHealth } from "@/lib/contracts/webhooks";
import { describeError } from "@/store/api-error";
import { useListWebhookHealthQuery, useListWebhooksQuery } from "@/store/webhooks-api";

type Failing = { webhook: Webhook; health: WebhookHealth };

/** The webhooks that somebody should look at, worst first. */
export function FailingWebhooks() {
  const { project } = useProject();
  const webhooks = useListWebhooksQuery({ projectId: project.id });
  const health = useListWebhookHealthQuery({ projectId: project.id });
  const failing = useMemo(
    () => findFailing(webhooks.currentData ?? [], health.currentData ?? []),
    [webhooks.currentData, health.currentData],
  );
  const failed = [webhooks, health].find(({ error, currentData }) => error && currentData === undefined);
  const loaded = webhooks.currentData !== undefined && health.currentData !== undefined;

  return (
    <Card>
      <CardHeader
        title="Failing webhooks"
        description="Deliveries given up in the last 24 hours, or a last attempt that failed"
      />
      {failed ? (
        <Failure error={failed.error} onRetry={failed.refetch} retrying={failed.isFetching} />
      ) : !loaded ? (
        <SkeletonRows rows={3} label="Loading webhooks" />
      ) : failing.length > 0 ? (
        <FailingTable failing={failing} />
      ) : webhooks.currentData?.length === 0 ? (
        <EmptyState icon={<WebhookIcon />} title="No webhook yet" className="py-8">
          Webhooks that fail will be listed here.
        </EmptyState>
      ) : (
        <EmptyState icon={<CircleCheck />} title="No webhook is failing" className="py-8">
          In the last 24 hours no delivery was given up and every last attempt succeeded.
        </EmptyState>
      )}
    </Card>
  );
}

function FailingTable({ failing }: { failing: Failing[] }) {
  return (
    <Table label="Failing webhooks" density="relaxed">
      <THead>
        <TR>
          <TH>Webhook</TH>
          <TH>Status</TH>
          <TH align="end">Failed</TH>
          <TH align="end">Delivered</TH>
          <TH>Last attempt</TH>
          <TH>Last 24 hours</TH>
        </TR>
      </THead>
      <TBody>
        {failing.map(({ webhook, health }) => (
          <TR key={webhook.id} interactive>
            <TD stackAs="title">
              <RowLink
                href={`/app/settings/webhooks/${webhook.id}`}
                className="block max-w-96 truncate"
                title={webhook.url}
              >
                {webhook.description === "" ? webhook.url : webhook.description}
              </RowLink>
            </TD>
            <TD stackAs="corner">
              {webhook.enabled ? (
                <StatusBadge tone="danger">Failing</StatusBadge>
              ) : (
                <StatusBadge tone="off">Disabled</StatusBadge>
              )}
            </TD>
            <TD label="Failed" align="end">
              {formatNumber(health.failed)}
            </TD>
            <TD label="Delivered" align="end">
              {formatNumber(health.delivered)}
            </TD>
            <TD label="Last attempt">
              {health.last_attempt ? (
                <span className="inline-flex items-center gap-2">
                  <span className="tabular-nums">{health.last_attempt.http_status ?? "No answer"}</span>
                  <RelativeTime value={health.last_attempt.at} className="text-ink-muted" />
                </span>
              ) : (
                "None"
              )}
            </TD>
            <TD label="Last 24 hours" stackAs="full">
              <Sparkline
                label={`Deliveries to ${webhook.url}, last 24 hours`}
                buckets={health.hours.map(({ delivered, failed }) => ({ success: delivered, failure: failed }))}
              />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function Failure({
  error,
  ...retry
}: {
  error: Parameters<typeof describeError>[0];
  onRetry: () => void;
  retrying: boolean;
}) {
  const { title, detail, requestId } = describeError(error);
  return <ErrorState title={title} message={detail} requestId={requestId ?? undefined} className="py-8" {...retry} />;
}

function findFailing(webhooks: readonly Webhook[], healths: readonly WebhookHealth[]): Failing[] {
  const healthOf = new Map(healths.map((health) => [health.webhook_id, health]));
  return webhooks
    .flatMap((webhook) => {
      const health = healthOf.get(webhook.id);
      return health && (health.failed > 0 || health.last_attempt?.ok === false) ? [{ webhook, health }] : [];
    })
    .sort((a, b) => b.health.failed - a.health.failed);
}
