import type { DeliveryStatus, HttpClass, Trigger } from "@/lib/contracts/deliveries";
import type { DeliveryFilter } from "@/store/delivery-mirror";
import { errorLabel } from "./error-labels";
import { statusWord, triggerWord } from "./status-words";
import { resolveRange, type TimeRange, timeRangeWords } from "./time-range";

/** What the log's URL says, without the delivery that is open beside it and the view that it came from. */
export type LogFilter = TimeRange & {
  webhook_id: readonly string[];
  event_type: readonly string[];
  status: readonly DeliveryStatus[];
  http: readonly HttpClass[];
  error_code: readonly string[];
  /** More than one says which deliveries had trouble; null for any number. */
  min_attempts: number | null;
  trigger: readonly Trigger[];
  replay_id: string | null;
  q: string;
};

export const NO_FILTER: LogFilter = {
  webhook_id: [],
  event_type: [],
  status: [],
  http: [],
  error_code: [],
  min_attempts: null,
  trigger: [],
  replay_id: null,
  q: "",
  range: null,
  from: null,
  to: null,
};

/** A chip over the list. Its key is what removing it clears. */
export type FilterChip = {
  key: Exclude<keyof LogFilter, keyof TimeRange> | "time";
  field: string;
  operator: string;
  value: string;
};

export type ChipWords = { webhookName: (id: string) => string; now: number; offsetAt: (ms: number) => number };

/** How many clauses are active; the two bounds of a time range are one. */
export function countClauses(filter: LogFilter): number {
  return filterChips(filter, { webhookName: (id) => id, now: 0, offsetAt: () => 0 }).length;
}

/** The filter as the store asks and counts by it. @param now what relative ranges are relative to, Unix ms */
export function toDeliveryFilter(filter: LogFilter, now: number): DeliveryFilter {
  const { webhook_id, event_type, status, http, error_code, trigger, min_attempts, replay_id } = filter;
  return {
    ...(webhook_id.length === 0 ? {} : { webhook_id: [...webhook_id] }),
    ...(event_type.length === 0 ? {} : { event_type: [...event_type] }),
    ...(status.length === 0 ? {} : { status: [...status] }),
    ...(http.length === 0 ? {} : { http: [...http] }),
    ...(error_code.length === 0 ? {} : { error_code: [...error_code] }),
    ...(min_attempts === null ? {} : { min_attempts }),
    ...(trigger.length === 0 ? {} : { trigger: [...trigger] }),
    ...(replay_id === null ? {} : { replay_id }),
    ...resolveRange(filter, now),
    ...(filter.q.trim() === "" ? {} : { q: filter.q.trim() }),
  };
}

/** The active clauses in words, always in the same order. */
export function filterChips(filter: LogFilter, words: ChipWords): FilterChip[] {
  const list = (key: FilterChip["key"], field: string, values: readonly string[]): FilterChip[] => {
    if (values.length === 0) return [];
    return [{ key, field, operator: values.length === 1 ? "is" : "is any of", value: values.join(", ") }];
  };
  const q = filter.q.trim();
  const inTime = filter.range !== null || filter.from !== null || filter.to !== null;
  return [
    ...(q === "" ? [] : [{ key: "q" as const, field: "Id", operator: "begins with", value: q }]),
    ...list("webhook_id", "Webhook", filter.webhook_id.map(words.webhookName)),
    ...list("event_type", "Event type", filter.event_type),
    ...list("status", "Status", filter.status.map(statusWord)),
    ...list("http", "HTTP code", filter.http.map(httpWord)),
    ...list("error_code", "Error", filter.error_code.map(errorLabel)),
    ...(filter.min_attempts === null ? [] : [attemptsChip(filter.min_attempts)]),
    ...list("trigger", "Cause", filter.trigger.map(triggerWord)),
    ...(filter.replay_id === null ? [] : list("replay_id", "Replay", [filter.replay_id])),
    ...(inTime ? [timeChip(filter, words)] : []),
  ];
}

/** What the URL has to change to when a chip goes. */
export function withoutChip(key: FilterChip["key"]): Partial<LogFilter> {
  return key === "time" ? { range: null, from: null, to: null } : { [key]: NO_FILTER[key] };
}

/** A class of HTTP codes as people write it. */
export function httpWord(kind: HttpClass): string {
  return kind === "none" ? "no answer" : kind;
}

function attemptsChip(least: number): FilterChip {
  return { key: "min_attempts", field: "Attempts", operator: "more than", value: String(least - 1) };
}

function timeChip(filter: LogFilter, { now, offsetAt }: ChipWords): FilterChip {
  const operator = filter.range === null ? "is" : "in the";
  return { key: "time", field: "Created", operator, value: timeRangeWords(filter, now, offsetAt) };
}
