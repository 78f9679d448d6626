import { errorWord, httpReason } from "@/components/deliveries/http-reasons";
import { formatDuration } from "@/components/ui/format";
import type { StatusTone } from "@/components/ui/status-badge";
import type { Attempt, Delivery } from "@/lib/contracts/deliveries";

type Progress = Pick<Delivery, "status" | "attempt_count" | "max_attempts"> & Partial<Pick<Delivery, "error_message">>;

/** Where a delivery stands, in one line. Only a delivery that ended with 2xx is ever called delivered. */
export function progressOf({ status, attempt_count, max_attempts, error_message }: Progress): {
  tone: StatusTone;
  text: string;
} {
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
      // An error before any attempt is one of our own.
      if (attempt_count === 0 && error_message) return { tone: "caution", text: `Not sent yet: ${error_message}` };
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

/** What the answer to a forged signature says about the receiver. */
export function forgeryVerdict({ http_status }: Pick<Attempt, "http_status">): {
  tone: "positive" | "danger" | "caution";
  title: string;
  text: string;
} {
  if (http_status === null) {
    return {
      tone: "caution",
      title: "Nothing can be told",
      text: "The receiver did not answer, so nobody knows whether it verifies.",
    };
  }
  if (http_status >= 200 && http_status < 300) {
    return {
      tone: "danger",
      title: "Your receiver accepted a forged signature!",
      text: `It answered ${http_status} to a request that we did not sign: anybody who learns its URL can send it events. See “Verify signatures” below.`,
    };
  }
  if (http_status >= 400 && http_status < 500) {
    return {
      tone: "positive",
      title: "Your receiver refused the forged signature",
      text: `It answered ${http_status}, as it should.`,
    };
  }
  return {
    tone: "caution",
    title: "Your receiver did not accept it, but did not refuse it either",
    text: `It answered ${http_status}. A forged signature should be answered with 401, so that it cannot be taken for a failure.`,
  };
}
