"use client";
import { Alert } from "@/components/ui/alert";
import { JsonView } from "@/components/ui/json-view";
import type { Attempt } from "@/lib/contracts/deliveries";
import { explainError } from "./attempt-errors";
import { DownloadLink } from "./download-link";
import { HeadersTable } from "./headers-table";
import { HttpCode } from "./http-code";
import { sizeWords, truncationWords } from "./response-size";

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
