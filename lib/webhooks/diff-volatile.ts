/** Headers that differ with every exchange: ids, times, signatures, traces. */
const VOLATILE_HEADERS = new Set([
  "age",
  "alt-svc",
  "date",
  "etag",
  "expires",
  "last-modified",
  "server-timing",
  "set-cookie",
  "traceparent",
  "tracestate",
  "webhook-id",
  "webhook-signature",
  "webhook-timestamp",
  "x-amzn-trace-id",
  "x-runtime",
  "x-webhook-attempt",
  "x-webhook-delivery",
  "x-webhook-signature",
]);

/** The last word of a name that says that its value is another one every time. */
const VOLATILE_WORDS = new Set([
  ...["id", "ids", "uuid", "guid", "ray", "trace", "nonce", "token", "hash", "signature"],
  ...["timestamp", "time", "date", "at", "ts", "now", "elapsed", "duration", "latency", "ms"],
]);

/** @param name in lower case */
export function isVolatileHeader(name: string): boolean {
  return VOLATILE_HEADERS.has(name) || /(^|[-_])(id|ray|trace|uuid)$/.test(name);
}

/** Whether a key of a JSON object names an id or a time: `request_id`, `createdAt`, `ts`. */
export function isVolatileKey(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return VOLATILE_WORDS.has(words.at(-1) ?? "");
}

/** Whether a value written as JSON is a UUID, an id with a prefix (`evt_…`) or an ISO 8601 time, whatever its key. */
export function looksVolatile(json: string): boolean {
  return (
    /^"[a-z]{2,10}_[0-9A-Za-z]{14,40}"$/.test(json) ||
    /^"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"$/i.test(json) ||
    /^"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[^"]*"$/.test(json)
  );
}
