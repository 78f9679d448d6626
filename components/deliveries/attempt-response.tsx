"use client";
import { Alert } from "@/components/ui/alert";
import { formatBytes } from "@/components/ui/format";
import { JsonView } from "@/components/ui/json-view";
import type { Attempt } from "@/lib/contracts/deliveries";
import { explainError } from "./attempt-errors";
import { DownloadLink } from "./download-link";
import { HeadersTable } from "./headers-table";
import { HttpCode } from "./http-code";

/** What a stranger's server sent: shown as text, whatever it claims to be. */
export function AttemptResponse({ attempt, downloadHref }: { attempt: Attempt; downloadHref: string }) {
  const { response, http_status, error_code, error_message } = attempt;
  const explanation = explainError(error_code, http_status);
  return (
    <>
      {error_message === null && explanation === null ? null : (
        <Alert tone="danger" title={error_message ?? "The receiver did not answer."}>
          {explanation === null ? null : (
            <>
              <p>{explanation.meaning}</p>
              <p className="mt-1">
                <span className="font-medium text-ink">What to do:</span> {explanation.remedy}
              </p>
            </>
          )}
        </Alert>
      )}
      {response === null ? null : (
        <>
          <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-xs">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <HttpCode status={http_status} reason />
              <span className="text-ink-muted">{sizeWords(response)}</span>
            </p>
            {response.body === "" ? null : <DownloadLink href={downloadHref} label="Download response body" />}
          </div>
          <HeadersTable headers={response.headers} label="Response headers" />
          {response.truncated ? (
            <Alert tone="caution" title={truncationWords(response)}>
              The rest was not read and is not stored. Only the status decides whether it counts as delivered.
            </Alert>
          ) : null}
          {response.body === "" ? null : <JsonView text={response.body} label="Response body" />}
        </>
      )}
    </>
  );
}

type Body = NonNullable<Attempt["response"]>;

function sizeWords({ body, total_bytes }: Body): string {
  if (body === "" && (total_bytes ?? 0) === 0) return "no body";
  return `body of ${formatBytes(total_bytes ?? byteLength(body))}`;
}

function truncationWords({ body, total_bytes }: Body): string {
  // What cannot be decoded was replaced, so the shown text may be longer than the bytes it stands for.
  const shown = formatBytes(Math.min(byteLength(body), 64 * 1024));
  return total_bytes === null
    ? `Shown: the first ${shown}; there was more`
    : `Shown: ${shown} of ${formatBytes(total_bytes)}`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
