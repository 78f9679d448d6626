"use client";
import { Search } from "lucide-react";
import { parseAsArrayOf, parseAsStringLiteral, useQueryStates } from "nuqs";
import { FilterPicker } from "@/components/ui/filter-picker";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SORT_WORDS, SORTS, type Sort } from "@/components/webhooks/list-order";
import { WEBHOOK_STATUSES, type WebhookStatus } from "@/lib/contracts/webhooks";

const PARAMETERS = {
  status: parseAsArrayOf(parseAsStringLiteral(WEBHOOK_STATUSES)).withDefault([]),
  sort: parseAsStringLiteral(SORTS).withDefault("newest"),
};

/** Filter and order of the list, which stand in the URL. */
export function useListView() {
  const [view, setView] = useQueryStates(PARAMETERS, { history: "replace" });
  return {
    ...view,
    setStatus: (status: readonly WebhookStatus[]) => void setView({ status: [...status] }),
    setSort: (sort: Sort) => void setView({ sort }),
  };
}

const STATUS_OPTIONS = [
  { value: "healthy", label: "Healthy" },
  { value: "warning", label: "Warning", hint: "It fails" },
  { value: "probing", label: "Probing", hint: "It failed for long and gets one request at a time" },
  { value: "disabled", label: "Disabled", hint: "It gets nothing" },
] as const satisfies readonly { value: WebhookStatus; label: string; hint?: string }[];

type WebhookListBarProps = {
  query: string;
  onQuery: (query: string) => void;
  view: ReturnType<typeof useListView>;
};

/** Search, filter and order of the list of webhooks. */
export function WebhookListBar({ query, onQuery, view }: WebhookListBarProps) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-b p-2">
      <Input
        type="search"
        prefix={<Search aria-hidden="true" />}
        placeholder="Search by name, URL or event type"
        aria-label="Search webhooks"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        className="min-w-0 max-w-80 flex-1 basis-52"
      />
      <FilterPicker
        label="Status"
        multiple
        searchable={false}
        options={STATUS_OPTIONS}
        selected={view.status}
        onChange={(chosen) => view.setStatus(WEBHOOK_STATUSES.filter((status) => chosen.includes(status)))}
      />
      <Select
        aria-label="Order"
        value={view.sort}
        options={SORTS.map((sort) => ({ value: sort, label: SORT_WORDS[sort] }))}
        onValueChange={(value) => {
          const sort = SORTS.find((candidate) => candidate === value);
          if (sort) view.setSort(sort);
        }}
        className="ml-auto w-48 max-sm:ml-0"
      />
    </div>
  );
}
