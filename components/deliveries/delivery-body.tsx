"use client";
import Link from "next/link";
import { Section } from "@/components/ui/card";
import { JsonView } from "@/components/ui/json-view";
import type { DeliveryDetail } from "@/lib/contracts/deliveries";
import { AttemptTimeline } from "./attempt-timeline";
import { DeliveryFacts } from "./delivery-facts";
import { eventHref, textLinkClass } from "./links";

export type DeliveryBodyProps = {
  delivery: DeliveryDetail;
  paused: boolean;
};

/** Attempts, payload and facts; beside each other where there is room, as on the page, else one after the other. */
export function DeliveryBody({ delivery, paused }: DeliveryBodyProps) {
  return (
    <div className="@container">
      <div className="grid gap-6 @4xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <Section title="Attempts">
            <AttemptTimeline delivery={delivery} paused={paused} />
          </Section>
          <Section
            title="Payload"
            description="The body of every attempt, as it is signed and sent."
            actions={
              <Link href={eventHref(delivery.event_id)} className={`${textLinkClass} text-sm`}>
                Open the event
              </Link>
            }
          >
            <JsonView text={delivery.event.body} label="Payload" />
          </Section>
        </div>
        <section aria-label="Details" className="@max-4xl:order-first">
          <DeliveryFacts delivery={delivery} paused={paused} />
        </section>
      </div>
    </div>
  );
}
