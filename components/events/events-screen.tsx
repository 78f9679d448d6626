"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { PageHeader } from "@/components/ui/page-header";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { EventCatalogue } from "./event-catalogue";
import { EventList } from "./event-list";

const TABS = ["events", "catalogue"] as const;
const PARAMETERS = { tab: parseAsStringLiteral(TABS).withDefault("events"), type: parseAsString };

/** What was emitted, and what can be. The chosen event type stays when going from one to the other. */
export function EventsScreen() {
  const [{ tab, type }, setState] = useQueryStates(PARAMETERS, { history: "push" });
  const setType = (next: string | null) => void setState({ type: next });
  return (
    <>
      <PageHeader title="Events" description="What happened, and was made known to every webhook that asked for it." />
      <Tabs
        value={tab}
        onValueChange={(value) => void setState({ tab: TABS.find((known) => known === value) ?? null })}
      >
        <TabsList aria-label="Events">
          <TabsTrigger value="events">Emitted</TabsTrigger>
          <TabsTrigger value="catalogue">Catalogue</TabsTrigger>
        </TabsList>
        <TabsContent value="events">
          <EventList onCatalogue={() => void setState({ tab: "catalogue" })} />
        </TabsContent>
        <TabsContent value="catalogue">
          <EventCatalogue type={type} onType={setType} />
        </TabsContent>
      </Tabs>
    </>
  );
}
