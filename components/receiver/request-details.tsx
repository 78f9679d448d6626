"use client";
import { ArrowLeft, X } from "lucide-react";
import Link from "next/link";
import { deliveryHref } from "@/components/deliveries/links";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { IdText } from "@/components/ui/id-text";
import { JsonView } from "@/components/ui/json-view";
import { KeyValue, KeyValueList } from "@/components/ui/key-value";
import { Timestamp } from "@/components/ui/timestamp";
import { debuggerHref, handOver } from "@/components/webhooks/debugger-handover";
import { RECEIVER_LIMITS, type ReceiverRequest } from "@/lib/contracts/receiver";
import { bodySize, headerLines } from "./describe";
import { Answered } from "./request-list";
import { VerdictBadge } from "./verdict-badge";

/** One request in full. */
export function RequestDetails({ request, onClose }: { request: ReceiverRequest; onClose: () => void }) {
  return (
    <Card role="region" aria-label="Selected request">
      <div className="flex items-start justify-between gap-3 border-line border-b px-4 py-3">
        <div className="min-w-0">
          <Button variant="link" size="sm" className="xl:hidden" onClick={onClose}>
            <ArrowLeft aria-hidden="true" />
            All requests
          </Button>
          <h2 className="break-words font-medium text-ink text-sm">{request.event_type ?? "No event type"}</h2>
        </div>
        <IconButton
          label="Close"
          icon={<X aria-hidden="true" />}
          size="sm"
          className="max-xl:hidden"
          onClick={onClose}
        />
      </div>
      <CardBody className="flex flex-col gap-5">
        <section aria-label="Signature" className="flex flex-col gap-1">
          <VerdictBadge verdict={request.signature} filled />
          <p className="text-ink-muted text-sm">{request.signature_note}</p>
          {request.truncated ? null : (
            <Link
              href={debuggerHref({ from: "receiver" })}
              onClick={() =>
                handOver({
                  headers: headerLines(request.headers),
                  body: request.body,
                  receivedAt: request.received_at,
                })
              }
              className="self-start text-accent text-sm hover:underline"
            >
              Open in the signature debugger
            </Link>
          )}
        </section>
        <KeyValueList>
          <KeyValue label="Received">
            <Timestamp value={request.received_at} date="always" />
          </KeyValue>
          <KeyValue label="Method" mono>
            {request.method}
          </KeyValue>
          <KeyValue label="Answered">
            <Answered request={request} reason />
          </KeyValue>
          <KeyValue label="Delivery">
            {request.delivery_id === null ? (
              <span className="text-ink-muted">None of this project</span>
            ) : (
              <span className="inline-flex flex-wrap items-center gap-x-2">
                <Link href={deliveryHref(request.delivery_id)} className="text-accent hover:underline">
                  Open delivery
                </Link>
                <IdText value={request.delivery_id} label="delivery id" />
              </span>
            )}
          </KeyValue>
          <KeyValue label="Request id">
            <IdText value={request.id} label="request id" />
          </KeyValue>
        </KeyValueList>
        <Body request={request} />
        <Headers headers={request.headers} />
      </CardBody>
    </Card>
  );
}

function Body({ request }: { request: ReceiverRequest }) {
  return (
    <section aria-label="Body" className="flex min-w-0 flex-col gap-2">
      <h3 className="font-medium text-ink text-sm">
        Body <span className="font-normal text-ink-muted text-xs">{bodySize(request)}</span>
      </h3>
      {request.truncated ? (
        <Alert tone="caution">
          Shown are the first {formatBytes(RECEIVER_LIMITS.bodyBytes)} of {bodySize(request)}; the rest was not kept.
        </Alert>
      ) : null}
      {request.body === "" ? (
        <p className="text-ink-muted text-sm">The request had no body.</p>
      ) : (
        <JsonView text={request.body} label="Body" />
      )}
    </section>
  );
}

function Headers({ headers }: Pick<ReceiverRequest, "headers">) {
  const entries = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <section aria-label="Headers" className="flex min-w-0 flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-medium text-ink text-sm">
          Headers <span className="font-normal text-ink-muted text-xs">{entries.length}</span>
        </h3>
        <CopyButton value={() => headerLines(headers)}>Copy all</CopyButton>
      </div>
      <KeyValueList className="rounded-lg border border-line bg-surface-sunken px-3">
        {entries.map(([name, value]) => (
          <KeyValue
            key={name}
            label={<span className="break-words font-mono text-xs">{name}</span>}
            mono
            className="py-1.5"
          >
            {value}
          </KeyValue>
        ))}
      </KeyValueList>
    </section>
  );
}
