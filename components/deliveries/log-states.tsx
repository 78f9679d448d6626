"use client";
import { Activity, SearchX } from "lucide-react";
import Link from "next/link";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Spinner } from "@/components/ui/spinner";
import { EVENTS, WEBHOOKS } from "./links";
import type { WebhookNames } from "./use-webhook-names";

const LOADING_ROWS = Array.from({ length: 16 }, (_, row) => ({ row, width: ["w-40", "w-32", "w-48"][row % 3] }));

/** The shape of the list, before the first answer. */
export function LogLoading() {
  return (
    <div role="status" className="min-h-0 flex-1 divide-y divide-line overflow-hidden">
      <span className="sr-only">Loading deliveries</span>
      {LOADING_ROWS.map(({ row, width }) => (
        <div key={row} className="flex h-9 items-center gap-6 px-4">
          <Skeleton className="h-3 w-20" />
          <Skeleton className={`h-3 ${width}`} />
          <Skeleton className="h-3 w-24 max-md:hidden" />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}

/** None of these among the newest; the search goes on further back by itself. */
export function LogSearching() {
  return (
    <div
      role="status"
      className="flex flex-1 flex-col items-center justify-center gap-3 px-6 py-14 text-ink-muted text-sm"
    >
      <Spinner label="Searching" className="size-5" />
      <p>Nothing yet among the newest deliveries. Looking further back…</p>
    </div>
  );
}

/** There are deliveries, or may be, but none of these. */
export function LogNoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={<SearchX />}
      title="No delivery matches these filters"
      actions={<Button onClick={onClear}>Clear all filters</Button>}
    >
      Widen the time range or remove a filter. New deliveries that match appear here by themselves.
    </EmptyState>
  );
}

/** Nothing was ever sent: what is missing for that. */
export function LogEmpty({ webhooks }: { webhooks: WebhookNames }) {
  const { can } = useProject();
  const hasWebhook = webhooks.webhooks.length > 0;
  return (
    <EmptyState
      icon={<Activity />}
      title="No deliveries yet"
      actions={
        <>
          {!hasWebhook && can("webhooks:write") ? (
            <Button asChild variant="primary">
              <Link href={`${WEBHOOKS}/new`}>Create a webhook</Link>
            </Button>
          ) : null}
          <Button asChild variant={hasWebhook ? "primary" : "secondary"}>
            <Link href={`${EVENTS}?tab=catalogue`}>Emit an event</Link>
          </Button>
        </>
      }
    >
      {hasWebhook
        ? "A webhook is ready. Emit an event of a type it is subscribed to, or send it a test; each delivery appears here within a second, with every attempt."
        : "First create a webhook that is subscribed to some event types. Then emit an event; each delivery appears here within a second, with every attempt."}
    </EmptyState>
  );
}
