import { errorWord, httpReason } from "@/components/deliveries/http-reasons";
import { formatDuration } from "@/components/ui/format";
import type { StatusTone } from "@/components/ui/status-badge";
import type { Attempt, Delivery } from "@/lib/contracts/deliveries";

type Progress = Pick<Delivery, "status" | "attempt_count" | "max_attempts">;

/** Where a delivery stands, in one line. Only a delivery that ended with 2xx is ever called delivered. */
export function progressOf({ status, attempt_count, max_attempts }: Progress): { tone: StatusTone; text: string } {
  switch (status) {
    case "delivering":
      return { tone: "progress", text: `Attempt ${attempt_count} of ${max_attempts} under way` };
    case "delivered":
      return {
        tone: "positive",
        text: attempt_count === 1 ? "Delivered at the first attempt" : `Delivered at attempt ${attempt_count}`,
      };
    case "failed":
      return { tone: "danger", text: attempt_count === 1 ? "Failed" : `Failed after ${attempt_count} attempts` };
    case "cancelled":
      return { tone: "off", text: "Cancelled before it was sent" };
    case "pending":
      return attempt_count === 0
        ? { tone: "waiting", text: "Queued" }
        : { tone: "caution", text: `Attempt ${attempt_count} of ${max_attempts} failed` };
  }
}

/** How an attempt ended: `HTTP 200 OK in 34 ms`, `Timeout after 10 s`. */
export function attemptResult({
  http_status,
  error_code,
  latency_ms,
}: Pick<Attempt, "http_status" | "error_code" | "latency_ms">): string {
  if (http_status === null) return `${errorWord(error_code ?? "")} after ${formatDuration(latency_ms)}`;
  return `${["HTTP", http_status, httpReason(http_status)].filter(Boolean).join(" ")} in ${formatDuration(latency_ms)}`;
}

/** The beginning of a text, with how much of it that is. */
export function excerpt(text: string, limit: number): { text: string; rest: number } {
  return { text: text.slice(0, limit), rest: Math.max(0, text.length - limit) };
}
