"use client";
import Link from "next/link";
import { eventHref } from "@/components/deliveries/links";
import { cn } from "@/components/ui/cn";
import { StatusIcon } from "@/components/ui/status-badge";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Timestamp } from "@/components/ui/timestamp";
import { reasonWords } from "@/components/webhooks/filter-preview-words";
import type { FilterPreview, PreviewedEvent } from "@/lib/contracts/filter-preview";

/** The events of a dry run, those that would have come and those that would not, with the clause that decided. */
export function FilterPreviewList({ preview: { events } }: { preview: FilterPreview }) {
  const coming = events.filter(({ matched }) => matched);
  const passing = events.filter(({ matched }) => !matched);
  return (
    <Tabs defaultValue="coming">
      <TabsList className="px-4">
        <TabsTrigger value="coming">Would have come ({coming.length})</TabsTrigger>
        <TabsTrigger value="passing">Would not ({passing.length})</TabsTrigger>
      </TabsList>
      <TabsContent value="coming" className="pt-0">
        <EventRows events={coming} empty="None of them. Look at the other list for the clause that says no." />
      </TabsContent>
      <TabsContent value="passing" className="pt-0">
        {passing.length === 0 ? null : (
          <p className="border-line border-b px-4 py-2 text-ink-muted text-xs">{reasonWords(passing)}</p>
        )}
        <EventRows events={passing} empty="None: nothing is filtered away." />
      </TabsContent>
    </Tabs>
  );
}

function EventRows({ events, empty }: { events: readonly PreviewedEvent[]; empty: string }) {
  if (events.length === 0) return <p className="px-4 py-6 text-center text-ink-muted text-sm">{empty}</p>;
  return (
    <ul className="relative max-h-72 divide-y divide-line overflow-y-auto">
      {events.map(({ id, type, created_at, matched, verdict, detail }) => (
        <li key={id} className="flex items-start gap-2.5 px-4 py-2 text-sm">
          <StatusIcon tone={matched ? "positive" : "off"} className="mt-[3px]" />
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-baseline justify-between gap-x-3">
              {/* In a tab of its own: the form here is not saved yet. */}
              <Link
                href={eventHref(id)}
                target="_blank"
                className="min-w-0 break-all font-mono text-xs/5 text-ink hover:underline"
              >
                {type}
                <span className="sr-only"> (opens in a new tab)</span>
              </Link>
              <Timestamp value={created_at} className="shrink-0 text-ink-muted text-xs" />
            </div>
            {detail === null ? null : (
              <p
                className={cn("text-ink-muted text-xs [overflow-wrap:anywhere]", verdict === "payload" && "font-mono")}
              >
                {detail}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
