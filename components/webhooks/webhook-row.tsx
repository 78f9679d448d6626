"use client";
import { FileLock } from "lucide-react";
import { webhookHref } from "@/components/deliveries/links";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import { ActionsTH, RowActions, RowLink, TD, TH, THead, TR } from "@/components/ui/table";
import { EventPatterns } from "@/components/webhooks/events-cell";
import { GuardedSwitch } from "@/components/webhooks/guarded";
import { HealthMissing, HealthSummary, LastAttempt } from "@/components/webhooks/health-cells";
import { UrlText } from "@/components/webhooks/url-text";
import { WebhookMenu, type WebhookMenuProps } from "@/components/webhooks/webhook-menu";
import { PauseHint, WebhookStatus } from "@/components/webhooks/webhook-status";
import { nameOf } from "@/components/webhooks/words";
import type { WebhookHealth } from "@/lib/contracts/webhooks";

/** Columns that give way where the list is narrow. On phones each row is a card and has them all. */
const EVENTS_COLUMN = "md:@max-6xl:hidden";
const LAST_COLUMN = "md:@max-4xl:hidden";
const PENDING_COLUMN = "md:@max-3xl:hidden";

export function WebhookColumns() {
  return (
    <>
      <colgroup>
        <col />
        <col className="w-36" />
        <col className={cn("w-52", EVENTS_COLUMN)} />
        <col className="w-50" />
        <col className={cn("w-20", PENDING_COLUMN)} />
        <col className={cn("w-44", LAST_COLUMN)} />
        <col className="w-20" />
        <col className="w-14" />
      </colgroup>
      <THead>
        <TR>
          <TH>Webhook</TH>
          <TH>Status</TH>
          <TH className={EVENTS_COLUMN}>Events</TH>
          <TH>Last 24 hours</TH>
          <TH align="end" className={PENDING_COLUMN}>
            Pending
          </TH>
          <TH className={LAST_COLUMN}>Last attempt</TH>
          <TH>Enabled</TH>
          <ActionsTH />
        </TR>
      </THead>
    </>
  );
}

export type WebhookRowProps = WebhookMenuProps & {
  health: WebhookHealth | undefined;
  /** The numbers could not be read. */
  healthFailed: boolean;
};

/** A webhook in the list; pressing anywhere outside its controls opens it. */
export function WebhookRow({ health, healthFailed, ...menu }: WebhookRowProps) {
  const { webhook, changeBlocked, onSetEnabled } = menu;
  const missing = <HealthMissing failed={healthFailed} />;
  return (
    <TR interactive>
      <TD stackAs="title" className="py-2">
        <div className="flex min-w-0 flex-col gap-0.5">
          <span className="flex min-w-0 items-center gap-2">
            <RowLink href={webhookHref(webhook.id)} className="truncate font-medium">
              {nameOf(webhook)}
            </RowLink>
            {webhook.source === "file" ? (
              <span
                title={`Declared in ${webhook.file?.path ?? "the configuration file"}: read-only here`}
                className="inline-flex"
              >
                <Badge icon={<FileLock aria-hidden="true" />}>From file</Badge>
              </span>
            ) : null}
            {webhook.has_secret ? null : (
              <span title="Deliveries carry no signature" className="inline-flex">
                <Badge tone="caution">Unsigned</Badge>
              </span>
            )}
          </span>
          <UrlText url={webhook.url} className="font-normal text-ink-muted" />
        </div>
      </TD>
      <TD label="Status">
        <span className="flex flex-col max-md:items-end">
          <WebhookStatus webhook={webhook} />
          <PauseHint webhook={webhook} />
        </span>
      </TD>
      <TD label="Events" className={EVENTS_COLUMN}>
        <EventPatterns patterns={webhook.event_types} limit={1} />
      </TD>
      <TD label="Last 24 h">{health ? <HealthSummary health={health} label={nameOf(webhook)} /> : missing}</TD>
      <TD label="Pending" align="end" className={PENDING_COLUMN}>
        {health ? formatNumber(health.pending) : missing}
      </TD>
      <TD label="Last attempt" className={LAST_COLUMN}>
        {health ? <LastAttempt attempt={health.last_attempt} /> : missing}
      </TD>
      <TD label="Enabled">
        <RowActions>
          <GuardedSwitch
            blocked={changeBlocked}
            checked={webhook.enabled}
            onCheckedChange={onSetEnabled}
            aria-label={`${nameOf(webhook)} enabled`}
          />
        </RowActions>
      </TD>
      <TD stackAs="corner" align="end">
        <RowActions>
          <WebhookMenu {...menu} />
        </RowActions>
      </TD>
    </TR>
  );
}
