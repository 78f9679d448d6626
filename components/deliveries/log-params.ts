import {
  createLoader,
  createParser,
  createSerializer,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs";
import { DELIVERY_STATUSES, HTTP_CLASSES, triggerSchema } from "@/lib/contracts/deliveries";
import type { LogFilter } from "./log-filter";
import { parseMoment, parseRange } from "./time-range";

const asRange = createParser({ parse: parseRange, serialize: String });
const asMoment = createParser({ parse: parseMoment, serialize: String });
const asTexts = parseAsArrayOf(parseAsString).withDefault([]);

/** How the log's filter stands in its URL. The names are the API's own, so that a filter reads the same in both. */
export const LOG_PARAMETERS = {
  webhook_id: asTexts,
  event_type: asTexts,
  status: parseAsArrayOf(parseAsStringLiteral(DELIVERY_STATUSES)).withDefault([]),
  http: parseAsArrayOf(parseAsStringLiteral(HTTP_CLASSES)).withDefault([]),
  error_code: asTexts,
  min_attempts: parseAsInteger,
  trigger: parseAsArrayOf(parseAsStringLiteral(triggerSchema.options)).withDefault([]),
  replay_id: parseAsString,
  range: asRange,
  from: asMoment,
  to: asMoment,
  q: parseAsString.withDefault(""),
};

const serialise = createSerializer(LOG_PARAMETERS);

/** The filter that the query of an address means; what is not understood is left out. */
export const parseLogQuery: (query: string) => LogFilter = createLoader(LOG_PARAMETERS);

/** The query of an address for a filter, without the question mark; one filter has one query. */
export function toLogQuery(filter: LogFilter): string {
  return serialise(mutable(filter)).replace(/^\?/, "");
}

type Mutable<V> = V extends readonly (infer Item)[] ? Item[] : V;

/** The library's types want arrays that may change. */
export function mutable<T extends Partial<LogFilter>>(filter: T) {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]),
  ) as { -readonly [K in keyof T]: Mutable<T[K]> };
}
