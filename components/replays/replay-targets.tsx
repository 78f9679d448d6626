"use client";
import Link from "next/link";
import { textLinkClass, webhookHref } from "@/components/deliveries/links";
import type { WebhookNames } from "@/components/deliveries/use-webhook-names";
import { Card, CardHeader } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { ReplayDetail } from "@/lib/contracts/replays";
import { skippedWords } from "./words";

/** How far the replay has come with each webhook. */
export function ReplayTargets({ replay, webhooks }: { replay: ReplayDetail; webhooks: WebhookNames }) {
  return (
    <Card>
      <CardHeader title="By webhook" />
      <Table label="Progress by webhook">
        <THead>
          <TR>
            <TH>Webhook</TH>
            <TH align="end">Queued</TH>
            <TH align="end">Of</TH>
            <TH>Skipped</TH>
          </TR>
        </THead>
        <TBody>
          {replay.webhooks.map(({ webhook_id, url, total, queued, skipped_by }) => (
            <TR key={webhook_id}>
              <TD stackAs="title" className="max-w-64 truncate">
                <Link href={webhookHref(webhook_id)} prefetch={false} className={textLinkClass}>
                  {webhooks.nameOf(webhook_id, url)}
                </Link>
              </TD>
              <TD label="Queued" align="end">
                {formatNumber(queued)}
              </TD>
              <TD label="Of" align="end">
                {formatNumber(total)}
              </TD>
              <TD label="Skipped" className="whitespace-normal! text-ink-muted">
                {skipped_by.length === 0 ? "–" : skipped_by.map(skippedWords).join(" · ")}
              </TD>
            </TR>
          ))}
        </TBody>
      </Table>
    </Card>
  );
}
