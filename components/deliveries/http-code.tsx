import { cn } from "@/components/ui/cn";
import { errorWord, httpReason } from "./http-reasons";

export type HttpCodeProps = {
  /** What the receiver answered; null when no answer came, or none was awaited yet. */
  status: number | null;
  /** Why no answer came. */
  errorCode?: string | null | undefined;
  /** The error in full, on hover. */
  errorMessage?: string | null | undefined;
  /** With the words that belong to the number: `503 Service Unavailable`. */
  reason?: boolean | undefined;
  className?: string | undefined;
};

/** An HTTP status, or in its place one word for what kept it from coming. Colour is for problems only. */
export function HttpCode({ status, errorCode, errorMessage, reason = false, className }: HttpCodeProps) {
  if (status === null && !errorCode) {
    return (
      <span className={cn("text-ink-faint", className)}>
        <span aria-hidden="true">–</span>
        <span className="sr-only">no answer yet</span>
      </span>
    );
  }
  if (status === null) {
    return (
      <span title={errorMessage ?? undefined} className={cn("text-danger", className)}>
        {errorWord(errorCode ?? "")}
      </span>
    );
  }
  const words = httpReason(status);
  const ok = status >= 200 && status <= 299;
  return (
    <span
      title={reason || words === "" ? undefined : `${status} ${words}`}
      className={cn("font-mono tabular-nums", ok ? "text-ink" : "text-danger", className)}
    >
      {status}
      {reason && words !== "" ? <span className="font-sans"> {words}</span> : null}
    </span>
  );
}
