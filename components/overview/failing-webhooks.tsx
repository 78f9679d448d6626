"use client";

import { CircleCheck, Webhook as WebhookIcon } from "lucide-react";
import { useMemo } from "react";
import { webhookHref } from "@/components/deliveries/links";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatNumber, formatPercent } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { needsAttention, STATUS_ORDER } from "@/components/webhooks/condition-words";
import { HealthBars, LastAttempt } from "@/components/webhooks/health-cells";
import { WebhookStatus } from "@/components/webhooks/webhook-status";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook, WebhookHealth } from "@/lib/contracts/webhooks";
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
        title="Webhooks that need a look"
        description="Warned of, probed or disabled by us; deliveries given up in the last 24 hours; or a last attempt that failed"
      />
      {failed ? (
        <LoadError error={failed.error} onRetry={failed.refetch} retrying={failed.isFetching} className="py-8" />
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
          In the last 24 hours no delivery was given up, and every last attempt succeeded.
        </EmptyState>
      )}
    </Card>
  );
}

function FailingTable({ failing }: { failing: Failing[] }) {
  return (
    <Table label="Webhooks that need a look" density="relaxed">
      <THead>
        <TR>
          <TH>Webhook</TH>
          <TH>Status</TH>
          <TH>Since</TH>
          <TH align="end">Success</TH>
          <TH align="end">Given up</TH>
          <TH>Last attempt</TH>
          <TH>Last 24 hours</TH>
        </TR>
      </THead>
      <TBody>
        {failing.map(({ webhook, health }) => (
          <TR key={webhook.id} interactive>
            <TD stackAs="title">
              <RowLink href={webhookHref(webhook.id)} className="block max-w-96 truncate" title={webhook.url}>
                {nameOf(webhook)}
              </RowLink>
            </TD>
            <TD stackAs="corner">
              <WebhookStatus webhook={webhook} />
            </TD>
            <TD label="Since">
              {needsAttention(webhook) ? (
                <RelativeTime value={webhook.condition.failing_since ?? webhook.condition.since} />
              ) : (
                <span className="text-ink-faint">–</span>
              )}
            </TD>
            <TD label="Success" align="end">
              {health.success_rate === null ? "–" : formatPercent(health.success_rate)}
            </TD>
            <TD label="Given up" align="end">
              {formatNumber(health.failed)}
            </TD>
            <TD label="Last attempt">
              <LastAttempt attempt={health.last_attempt} />
            </TD>
            <TD label="Last 24 hours" stackAs="full">
              <HealthBars health={health} label={nameOf(webhook)} />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function findFailing(webhooks: readonly Webhook[], healths: readonly WebhookHealth[]): Failing[] {
  const healthOf = new Map(healths.map((health) => [health.webhook_id, health]));
  return webhooks
    .flatMap((webhook) => {
      const health = healthOf.get(webhook.id);
      const failing = health && (health.failed > 0 || health.last_attempt?.ok === false);
      return health && (needsAttention(webhook) || (webhook.enabled && failing)) ? [{ webhook, health }] : [];
    })
    .sort((a, b) => rank(a) - rank(b) || b.health.failed - a.health.failed);
}

function rank({ webhook }: Failing): number {
  return STATUS_ORDER.indexOf(webhook.status);
}
