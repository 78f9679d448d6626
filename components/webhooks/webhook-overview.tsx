"use client";
import Link from "next/link";
import { webhookHref } from "@/components/deliveries/links";
import { Card, CardBody, CardHeader, Section } from "@/components/ui/card";
import { formatDuration, formatNumber, formatPercent } from "@/components/ui/format";
import { Stat, StatList } from "@/components/ui/key-value";
import { EmitBox } from "@/components/webhooks/emit-box";
import { HealthBars, HealthMissing, LastAttempt } from "@/components/webhooks/health-cells";
import { PreviousSecrets } from "@/components/webhooks/previous-secrets";
import { VerifyGuide } from "@/components/webhooks/verify-guide";
import { useWebhook } from "@/components/webhooks/webhook-context";
import { WebhookFacts } from "@/components/webhooks/webhook-facts";
import { nameOf } from "@/components/webhooks/words";

/** How a webhook is doing, what it is set to, and how to make something happen. */
export function WebhookOverview() {
  const { webhook } = useWebhook();
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="flex min-w-0 flex-col gap-6">
        <Health />
        <PreviousSecrets webhook={webhook} />
        <EmitBox webhook={webhook} />
      </div>
      <WebhookFacts webhook={webhook} />
      <Section id="verify" title="Verify signatures" className="scroll-mt-20 lg:col-span-2">
        <VerifyGuide webhook={webhook} />
      </Section>
    </div>
  );
}

function Health() {
  const { webhook, health, healthFailed } = useWebhook();
  const missing = <HealthMissing failed={healthFailed} />;
  return (
    <Card>
      <CardHeader
        title="Last 24 hours"
        actions={
          <Link
            href={`${webhookHref(webhook.id)}/statistics`}
            className="font-medium text-accent text-xs hover:underline"
          >
            Statistics
          </Link>
        }
      />
      <CardBody className="flex flex-col gap-5">
        {health ? (
          <HealthBars health={health} label={nameOf(webhook)} height={56} className="max-w-none" />
        ) : (
          <div className="h-14" />
        )}
        <StatList className="sm:grid-cols-5! sm:gap-x-4!">
          <Stat label="Success">
            {health ? (health.success_rate === null ? "None made" : formatPercent(health.success_rate)) : missing}
          </Stat>
          <Stat label="Latency, p95">
            {health ? (health.p95_ms === null ? "–" : formatDuration(health.p95_ms)) : missing}
          </Stat>
          <Stat label="Delivered">{health ? formatNumber(health.delivered) : missing}</Stat>
          <Stat label="Given up">
            <span className={health && health.failed > 0 ? "text-danger" : undefined}>
              {health ? formatNumber(health.failed) : missing}
            </span>
          </Stat>
          <Stat label="Pending now">{health ? formatNumber(health.pending) : missing}</Stat>
        </StatList>
        <div className="flex flex-wrap items-center gap-x-2 border-line border-t pt-3 text-sm">
          <span className="text-ink-muted">Last attempt</span>
          {health ? <LastAttempt attempt={health.last_attempt} /> : missing}
        </div>
      </CardBody>
    </Card>
  );
}
