"use client";
import { CalendarX2 } from "lucide-react";
import { EVENTS } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Unavailable } from "@/components/shell/unavailable";
import { Section } from "@/components/ui/card";
import { IdText } from "@/components/ui/id-text";
import { JsonView } from "@/components/ui/json-view";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { EventDetail } from "@/lib/contracts/events";
import { useGetEventQuery } from "@/store/events-api";
import { EventFacts } from "./event-facts";
import { VerdictSection } from "./verdict-section";

const BREADCRUMBS = [{ label: "Events", href: EVENTS }];

/** An event: what it says, and what became of it. */
export function EventPage({ eventId }: { eventId: string }) {
  const { project } = useProject();
  const { currentData: event, error, isFetching, refetch } = useGetEventQuery({ projectId: project.id, eventId });
  if (event !== undefined) return <Event event={event} />;
  return (
    <>
      <PageHeader title="Event" breadcrumbs={BREADCRUMBS} />
      {error === undefined || isFetching ? (
        <SkeletonRows label="Loading the event" />
      ) : (
        <Unavailable
          error={error}
          onRetry={() => void refetch()}
          missing={{
            icon: <CalendarX2 />,
            title: "This event is not here",
            back: { href: EVENTS, label: "All events" },
          }}
        >
          Events are kept for the retention period of this installation (30 days unless set otherwise) and then removed
          with their deliveries. It may also belong to another project.
        </Unavailable>
      )}
    </>
  );
}

function Event({ event }: { event: EventDetail }) {
  return (
    <>
      <PageHeader
        title={<span className="font-mono text-lg">{event.type}</span>}
        description={<IdText value={event.id} label="event id" full />}
        breadcrumbs={BREADCRUMBS}
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <VerdictSection eventId={event.id} />
          <Section title="Body" description="As it is signed and sent.">
            <JsonView text={event.body} label="Event body" />
          </Section>
        </div>
        <section aria-label="Details" className="max-lg:order-first">
          <EventFacts event={event} />
        </section>
      </div>
    </>
  );
}
