"use client";
import Link from "next/link";
import { webhookHref } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { IdText } from "@/components/ui/id-text";
import { KeyValue, KeyValueList } from "@/components/ui/key-value";
import { Timestamp } from "@/components/ui/timestamp";
import { EventPatterns } from "@/components/webhooks/events-cell";
import { changeBlock } from "@/components/webhooks/guarded";
import { summariseRetries } from "@/components/webhooks/retry-text";
import { SecretName } from "@/components/webhooks/secret-name";
import { filterWords, limitWords } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";

const PATTERNS_SHOWN = 12;

/** What a webhook is set to. */
export function WebhookFacts({ webhook }: { webhook: Webhook }) {
  const { can } = useProject();
  const filter = filterWords(webhook.filter);
  const limits = limitWords(webhook);
  const headers = Object.entries(webhook.headers);
  return (
    <Card>
      <CardHeader
        title="Configuration"
        actions={
          <Link href={`${webhookHref(webhook.id)}/edit`} className="font-medium text-accent text-xs hover:underline">
            {changeBlock(can, webhook) === undefined ? "Edit" : "See all"}
          </Link>
        }
      />
      <CardBody className="py-2">
        <KeyValueList>
          <KeyValue label="Id">
            <IdText value={webhook.id} label="webhook id" />
          </KeyValue>
          <KeyValue label="Events">
            <EventPatterns patterns={webhook.event_types} limit={PATTERNS_SHOWN} />
          </KeyValue>
          <KeyValue label="Signature">
            {webhook.has_secret ? (
              webhook.signing === "ed25519" ? (
                "Signed with Ed25519"
              ) : (
                "Signed, in two schemes"
              )
            ) : (
              <span className="text-caution">Not signed: no secret</span>
            )}
          </KeyValue>
          {webhook.file === null ? null : (
            <>
              <KeyValue label="Declared in">
                <code className="font-mono text-xs">{webhook.file.path}</code> as{" "}
                <code className="font-mono text-xs">{webhook.file.key}</code>
              </KeyValue>
              <KeyValue label="Secret">
                <SecretName file={webhook.file} />
              </KeyValue>
            </>
          )}
          <KeyValue label="Retries">{summariseRetries(webhook.retry)}</KeyValue>
          <KeyValue label="Order">
            {webhook.ordering === "unordered" ? "Unordered" : orderWords(webhook.order_key)}
          </KeyValue>
          {headers.length === 0 ? null : (
            <KeyValue label="Custom headers" mono>
              {headers.map(([name, value]) => (
                <span key={name} className="block">
                  {name}: {value}
                </span>
              ))}
            </KeyValue>
          )}
          <KeyValue label="Filter">
            {filter.length === 0
              ? "None: every event of these types"
              : filter.map((line) => (
                  <span key={line} className="block">
                    {line}
                  </span>
                ))}
          </KeyValue>
          <KeyValue label="Limits">
            {limits.length === 0
              ? "As the installation sets"
              : limits.map((line) => (
                  <span key={line} className="block">
                    {line}
                  </span>
                ))}
          </KeyValue>
          <KeyValue label="Created">
            <Timestamp value={webhook.created_at} date="always" />
          </KeyValue>
          <KeyValue label="Changed">
            <Timestamp value={webhook.updated_at} date="always" />
          </KeyValue>
        </KeyValueList>
      </CardBody>
    </Card>
  );
}

function orderWords(orderKey: string | null) {
  return orderKey === null ? (
    "Strict"
  ) : (
    <>
      Strict per <code className="font-mono text-xs">{orderKey}</code>
    </>
  );
}
