import { formatBytes, formatDuration } from "@/components/ui/format";
import type { Receiver, ReceiverRequest } from "@/lib/contracts/receiver";

/** What the next request meets with, in a sentence. */
export function describeAnswer({ status, delay_ms, fail_next, fail_status }: Receiver): string {
  const after = delay_ms > 0 ? ` after ${formatDuration(delay_ms)}` : "";
  if (fail_next === 0) return `Answers ${status}${after || " at once"}.`;
  return `Fails ${nextRequests(fail_next)} with ${fail_status}${after}, then answers ${status}.`;
}

/** `the next request`, `the next 3 requests`. */
export function nextRequests(count: number): string {
  return count === 1 ? "the next request" : `the next ${count} requests`;
}

/** Whether a webhook's deliveries succeed as things stand. */
export function succeeds({ status, fail_next }: Receiver): boolean {
  return fail_next === 0 && status >= 200 && status <= 299;
}

/**
 * The size of a request's body: what the caller declared, else what was kept. The text cannot tell where the bytes were
 * not UTF-8.
 */
export function bodySize({
  headers,
  body,
  truncated,
}: Pick<ReceiverRequest, "headers" | "body" | "truncated">): string {
  const declared = headers["content-length"];
  if (declared !== undefined && /^\d+$/.test(declared)) return formatBytes(Number(declared));
  const kept = formatBytes(new TextEncoder().encode(body).length);
  return truncated ? `over ${kept}` : kept;
}

/** Headers as they stood in the request, one a line, for copying. */
export function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/** A line for a shell that sends something to the receiver. */
export function curlFor(url: string): string {
  return `curl -X POST '${url}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"hello":"receiver"}'`;
}
