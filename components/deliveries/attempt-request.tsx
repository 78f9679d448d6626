"use client";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes } from "@/components/ui/format";
import { JsonView } from "@/components/ui/json-view";
import { curlCommand } from "@/lib/contracts/curl";
import type { Attempt } from "@/lib/contracts/deliveries";
import { DownloadLink } from "./download-link";
import { HeadersTable } from "./headers-table";
import { SignedCurl } from "./signed-curl";

export type AttemptRequestProps = {
  attempt: Attempt;
  deliveryId: string;
  /** Where the delivery goes to. */
  url: string;
  downloadHref: string;
};

/** The request as it was sent, and two ways to send it again by hand. */
export function AttemptRequest({ attempt, deliveryId, url, downloadHref }: AttemptRequestProps) {
  const { headers, body } = attempt.request;
  const size = new TextEncoder().encode(body).length;
  return (
    <>
      <p className="min-w-0 rounded-lg border border-line bg-surface-sunken px-3 py-2 font-mono text-xs [overflow-wrap:anywhere]">
        <span className="text-ink-muted">POST</span> {url}
      </p>
      <SignedCurl deliveryId={deliveryId}>
        <CopyButton variant="secondary" value={() => curlCommand({ method: "POST", url, headers, body })}>
          Copy as cURL
        </CopyButton>
      </SignedCurl>
      <HeadersTable headers={headers} label="Request headers" />
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-ink-muted text-xs">
        <p>body of {formatBytes(size)}, signed and sent exactly like this</p>
        <DownloadLink href={downloadHref} label="Download request body" />
      </div>
      <JsonView text={body} label="Request body" />
    </>
  );
}
