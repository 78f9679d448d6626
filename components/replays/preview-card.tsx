"use client";
import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import type { WebhookNames } from "@/components/deliveries/use-webhook-names";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { Skeleton } from "@/components/ui/skeleton";
import type { ReplayPreview } from "@/lib/contracts/replays";
import { describeError } from "@/store/api-error";
import type { Counting } from "./use-previews";
import { countWords, durationWords, skippedWords } from "./words";

type PreviewCardProps = {
  counting: Counting;
  /** Why nothing can be counted, where the form itself is not complete. */
  missing: string | undefined;
  rate: number;
  webhooks: WebhookNames;
  onCountAgain: () => void;
  /** The button that starts it. */
  action: ReactNode;
};

/** Exactly what the replay would send, before anything is sent. */
export function PreviewCard({ counting, missing, rate, webhooks, onCountAgain, action }: PreviewCardProps) {
  return (
    <Card>
      <CardHeader
        title="Preview"
        description="Counted exactly; nothing is sent yet."
        actions={<IconButton label="Count again" icon={<RotateCw aria-hidden="true" />} onClick={onCountAgain} />}
      />
      <CardBody className="flex flex-col gap-4">
        {missing !== undefined ? (
          <p className="text-ink-muted text-sm">{missing}</p>
        ) : counting.error !== undefined ? (
          <Failed error={counting.error} onRetry={onCountAgain} />
        ) : counting.preview === undefined ? (
          <div role="status">
            <span className="sr-only">Counting</span>
            <Skeleton className="h-9 w-28" />
            <Skeleton className="mt-3 w-full" />
            <Skeleton className="mt-2 w-3/4" />
          </div>
        ) : (
          <Counted preview={counting.preview} rate={rate} webhooks={webhooks} />
        )}
      </CardBody>
      <CardFooter className="justify-end">{action}</CardFooter>
    </Card>
  );
}

function Counted({ preview, rate, webhooks }: { preview: ReplayPreview; rate: number; webhooks: WebhookNames }) {
  const { total, repeats, skipped } = preview;
  return (
    <>
      <div role="status">
        <p className="font-semibold text-3xl text-ink tabular-nums tracking-tight">{formatNumber(total)}</p>
        <p className="text-ink-muted text-sm">
          {total === 0
            ? "There is nothing to send in this range."
            : `${total === 1 ? "delivery" : "deliveries"}, ${durationWords(total, rate)} at ${formatNumber(rate)}/s`}
        </p>
      </div>
      {repeats === 0 ? null : (
        <Alert tone="caution" title={`${countWords(repeats, "repeat is", "repeats are")} possible`}>
          {preview.kind === "failed"
            ? "An attempt was made before, and a receiver may have acted on it although it did not answer well. The delivery id stays the same, so a receiver that remembers ids does the work once."
            : "The same event was delivered to the same URL through another webhook. Its event id is the same, so a receiver that remembers event ids does the work once."}
        </Alert>
      )}
      <Breakdown
        title="By webhook"
        rows={preview.webhooks.map(({ webhook_id, url, count }) => [webhooks.nameOf(webhook_id, url), count])}
      />
      <Breakdown title="By event type" mono rows={preview.event_types.map((row) => [row.event_type, row.count])} />
      {skipped.length === 0 ? null : (
        <div>
          <h3 className="font-medium text-ink text-xs">Not in the count</h3>
          <ul className="mt-1 flex flex-col gap-1 text-ink-muted text-xs">
            {skipped.map(({ webhook_id, url, ...row }) => (
              <li key={webhook_id}>
                <span className="text-ink">{webhooks.nameOf(webhook_id, url)}</span>: {skippedWords(row)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** Rows shown; a project may have a thousand webhooks. */
const SHOWN = 8;

type BreakdownProps = { title: string; rows: readonly (readonly [string, number])[]; mono?: boolean };

function Breakdown({ title, rows, mono = false }: BreakdownProps) {
  if (rows.length === 0) return null;
  const sorted = rows.toSorted((a, b) => b[1] - a[1]);
  const rest = sorted.slice(SHOWN);
  return (
    <div>
      <h3 className="font-medium text-ink text-xs">{title}</h3>
      <dl className="mt-1 flex flex-col gap-1 text-sm">
        {sorted.slice(0, SHOWN).map(([name, count]) => (
          <div key={name} className="flex items-baseline justify-between gap-3">
            <dt
              className={mono ? "min-w-0 truncate font-mono text-ink-muted text-xs" : "min-w-0 truncate text-ink-muted"}
            >
              {name}
            </dt>
            <dd className="shrink-0 tabular-nums">{formatNumber(count)}</dd>
          </div>
        ))}
        {rest.length === 0 ? null : (
          <div className="flex items-baseline justify-between gap-3">
            <dt className="text-ink-muted">{formatNumber(rest.length)} more</dt>
            <dd className="tabular-nums">{formatNumber(rest.reduce((sum, [, count]) => sum + count, 0))}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function Failed({ error, onRetry }: { error: Counting["error"]; onRetry: () => void }) {
  const { title, detail, requestId } = describeError(error);
  return (
    <Alert
      tone="danger"
      live
      title={title}
      actions={
        <Button size="sm" onClick={onRetry}>
          Count again
        </Button>
      }
    >
      {detail}
      {requestId === null ? null : <span className="mt-1 block font-mono text-2xs">{requestId}</span>}
    </Alert>
  );
}
