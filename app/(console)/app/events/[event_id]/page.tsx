import type { Metadata } from "next";
import { EventPage } from "@/components/events/event-page";

export const metadata: Metadata = { title: "Event" };

export default async function OneEventPage({ params }: { params: Promise<{ event_id: string }> }) {
  const { event_id } = await params;
  return <EventPage key={event_id} eventId={event_id} />;
}
