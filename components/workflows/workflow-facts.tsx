"use client";
import Link from "next/link";
import { Fact, FactList } from "@/components/deliveries/fact-list";
import { textLinkClass } from "@/components/deliveries/links";
import { reservationHref } from "@/components/reservations/links";
import { IdText } from "@/components/ui/id-text";
import { Timestamp } from "@/components/ui/timestamp";
import type { WorkflowDetail } from "@/lib/contracts/workflows";
import { CorrelationLinks } from "./correlation-links";
import { RequestWebhookList } from "./request-webhook-list";
import { KIND_WORDS } from "./words";

/** What a workflow is: who began it, and which webhooks came along. */
export function WorkflowFacts({ workflow }: { workflow: WorkflowDetail }) {
  const { correlation_id, kind, created_by, created_at, request_webhooks } = workflow;
  return (
    <section aria-label="Details" className="flex flex-col gap-4 max-lg:order-first">
      <FactList>
        <Fact label="Correlation id" wide>
          <IdText value={correlation_id} label="correlation id" full />
        </Fact>
        <Fact label="Begun by">
          {kind === "reservation" ? (
            <Link href={reservationHref(correlation_id)} className={textLinkClass}>
              {KIND_WORDS[kind]}
            </Link>
          ) : (
            KIND_WORDS[kind]
          )}
        </Fact>
        <Fact label="Whose">{created_by.name}</Fact>
        <Fact label="Begun" wide>
          <Timestamp value={created_at} date="always" />
        </Fact>
        <Fact label="Webhooks brought along" wide>
          {request_webhooks.length === 0 ? "None" : <RequestWebhookList webhooks={request_webhooks} />}
        </Fact>
      </FactList>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        <CorrelationLinks correlationId={correlation_id} />
      </p>
    </section>
  );
}
