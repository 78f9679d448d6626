"use client";
import { Search } from "lucide-react";
import { type MouseEvent, useState } from "react";
import { EVENTS } from "@/components/deliveries/links";
import { LoadError } from "@/components/shell/load-error";
import { Card } from "@/components/ui/card";
import { FilterPicker } from "@/components/ui/filter-picker";
import { Input } from "@/components/ui/input";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { EventTypeInfo } from "@/lib/contracts/event-types";
import { useListEventTypesQuery } from "@/store/events-api";
import { EventTypeCard } from "./event-type-card";
import { EVENT_TYPE_OPTIONS } from "./type-options";

export type EventCatalogueProps = { type: string | null; onType: (type: string) => void };

/** Every event type: what it means, what it looks like, and how to emit it. */
export function EventCatalogue({ type, onType }: EventCatalogueProps) {
  const { data, error, isFetching, refetch } = useListEventTypesQuery();
  if (data === undefined) {
    if (error === undefined || isFetching) return <SkeletonRows label="Loading the catalogue" />;
    return <LoadError error={error} onRetry={() => void refetch()} />;
  }
  const chosen = data.find((info) => info.type === type) ?? data[0];
  if (chosen === undefined) return null;
  return (
    <div className="grid gap-4 md:grid-cols-[15rem_minmax(0,1fr)] md:gap-6">
      <div className="md:hidden">
        <FilterPicker
          label="Event type"
          options={EVENT_TYPE_OPTIONS}
          selected={[chosen.type]}
          onChange={([next]) => onType(next ?? chosen.type)}
          mono
          className="w-full max-w-none"
        />
      </div>
      <TypeList types={data} chosen={chosen.type} onChoose={onType} />
      <EventTypeCard key={chosen.type} info={chosen} />
    </div>
  );
}

type TypeListProps = { types: readonly EventTypeInfo[]; chosen: string; onChoose: (type: string) => void };

function TypeList({ types, chosen, onChoose }: TypeListProps) {
  const [text, setText] = useState("");
  const needle = text.trim().toLowerCase();
  const shown = types.filter(({ type, description }) => `${type} ${description}`.toLowerCase().includes(needle));
  const groups = Map.groupBy(shown, ({ group }) => group);
  const choose = (event: MouseEvent, type: string) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onChoose(type);
  };
  return (
    <Card className="hidden max-h-[calc(100dvh-5rem)] flex-col self-start md:sticky md:top-16 md:flex">
      <div className="border-line border-b p-2">
        <Input
          type="search"
          aria-label="Search event types"
          placeholder="Search types"
          prefix={<Search aria-hidden="true" />}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <nav aria-label="Event types" className="flex min-h-0 flex-col gap-3 overflow-y-auto p-2">
        {[...groups].map(([group, entries]) => (
          <div key={group}>
            <h2 className="px-2 pb-1 font-medium text-ink-muted text-xs">{group}</h2>
            <ul>
              {entries.map(({ type }) => (
                <li key={type}>
                  <a
                    href={`${EVENTS}?tab=catalogue&type=${encodeURIComponent(type)}`}
                    aria-current={type === chosen ? "true" : undefined}
                    onClick={(event) => choose(event, type)}
                    className="block truncate rounded-md px-2 py-1 font-mono text-ink-muted text-xs hover:bg-hover hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent-ink"
                  >
                    {type}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
        {shown.length === 0 ? <p className="px-2 py-1 text-ink-muted text-xs">No type matches.</p> : null}
      </nav>
    </Card>
  );
}
