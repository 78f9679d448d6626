"use client";
import { Alert } from "@/components/ui/alert";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes } from "@/components/ui/format";
import { JsonView } from "@/components/ui/json-view";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { Attempt } from "@/lib/contracts/deliveries";
import { curlCommand } from "./curl";
import { HeadersTable } from "./headers-table";
import { HttpCode } from "./http-code";
import { TimingBar } from "./timing-bar";
import { useExchangePart } from "./use-exchange-part";

export type AttemptExchangeProps = {
  attempt: Attempt;
  /** Where the delivery goes to. */
  url: string;
};

/** One attempt in full: where its time went, what was sent, what came back. */
export function AttemptExchange({ attempt, url }: AttemptExchangeProps) {
  const [part, setPart] = useExchangePart();
  return (
    <div className="flex flex-col gap-4">
      <TimingBar timings={attempt.timings} latencyMs={attempt.latency_ms} />
      <Tabs value={part} onValueChange={setPart}>
        <TabsList aria-label={`Attempt ${attempt.number}`}>
          <TabsTrigger value="response">Response</TabsTrigger>
          <TabsTrigger value="request">Request</TabsTrigger>
        </TabsList>
        <TabsContent value="response" className="flex flex-col gap-3">
          <Response attempt={attempt} />
        </TabsContent>
        <TabsContent value="request" className="flex flex-col gap-3">
          <Request attempt={attempt} url={url} />
        </TabsContent>
      </Tabs>
    </div>
  );
}

/** What a stranger's server sent: shown as text, whatever it claims to be. */
function Response({ attempt }: { attempt: Attempt }) {
  const { response, http_status, error_message } = attempt;
  if (response === null) {
    return (
      <Alert tone="danger" title="No response">
        {error_message ?? "The receiver did not answer."}
      </Alert>
    );
  }
  return (
    <>
      {error_message === null ? null : <Alert tone="danger">{error_message}</Alert>}
      <p className="flex flex-wrap items-baseline gap-x-3 text-xs">
        <HttpCode status={http_status} reason />
        <span className="text-ink-muted">
          {response.body === "" ? "no body" : `body of ${formatBytes(byteLength(response.body))}`}
        </span>
      </p>
      <HeadersTable headers={response.headers} label="Response headers" />
      {response.truncated ? (
        <Alert tone="caution" title="First 64 KiB shown">
          The receiver sent more; the rest was not read.
        </Alert>
      ) : null}
      {response.body === "" ? null : <JsonView text={response.body} label="Response body" />}
    </>
  );
}

function Request({ attempt, url }: AttemptExchangeProps) {
  const { headers, body } = attempt.request;
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <p className="min-w-0 flex-1 py-1 font-mono text-xs [overflow-wrap:anywhere]">
          <span className="text-ink-muted">POST</span> {url}
        </p>
        <CopyButton variant="secondary" value={() => curlCommand({ method: "POST", url, headers, body })}>
          Copy as cURL
        </CopyButton>
      </div>
      <p className="text-ink-muted text-xs">
        The command carries the signature and timestamp of this attempt. Receivers that check the age of a signature,
        mostly five minutes, refuse it later.
        {Object.values(headers).some((value) => value.includes("•"))
          ? " Masked header values have to be filled in."
          : ""}
      </p>
      <HeadersTable headers={headers} label="Request headers" />
      <JsonView text={body} label="Request body" />
    </>
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
