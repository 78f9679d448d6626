"use client";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { StatusBadge } from "@/components/ui/status-badge";
import { Timestamp } from "@/components/ui/timestamp";
import type { InTheWay } from "@/lib/contracts/in-the-way";
import { describeError, isApiError } from "@/store/api-error";
import { countWords, HOLDING_WORDS, holderWords } from "./words";

type RefusedProps = {
  error: Parameters<typeof describeError>[0];
  onRetry?: () => void;
  retrying?: boolean;
};

/** Why GPUs cannot be taken out of service: everything that stays where it is, whose it is, and why. */
export function Refused({ error, onRetry, retrying }: RefusedProps) {
  const { title, detail, requestId } = describeError(error);
  const inTheWay = isApiError(error) ? (error.problem?.in_the_way ?? []) : [];
  return (
    <Alert
      tone="danger"
      live
      title={inTheWay.length > 0 ? `Refused: ${countWords(inTheWay.length, "thing")} in the way` : title}
      actions={
        onRetry && inTheWay.length === 0 ? (
          <Button size="sm" onClick={onRetry} loading={retrying ?? false}>
            Try again
          </Button>
        ) : undefined
      }
    >
      {detail}
      {inTheWay.length === 0 ? null : (
        <ul aria-label="What is in the way" className="mt-2 flex flex-col gap-2">
          {inTheWay.map((item) => (
            <Item key={`${item.kind} ${item.reservation_id ?? item.maintenance_id ?? item.starts_at}`} item={item} />
          ))}
        </ul>
      )}
      {requestId === null ? null : <span className="mt-2 block break-all text-xs">Request {requestId}</span>}
    </Alert>
  );
}

const TONES = { booking: "waiting", maintenance: "caution", outage: "danger" } as const;

function Item({ item }: { item: InTheWay }) {
  const id = item.reservation_id ?? item.maintenance_id;
  return (
    <li className="rounded-md border border-line bg-surface p-2.5 text-ink">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <StatusBadge tone={TONES[item.kind]}>{HOLDING_WORDS[item.kind]}</StatusBadge>
        <span className="min-w-0 break-words font-medium">{holderWords(item)}</span>
        <span className="text-ink-muted text-xs">{countWords(item.gpu_count, "GPU")}</span>
      </p>
      <p className="text-ink-muted text-xs">
        <Timestamp value={item.starts_at} date="always" /> – <Timestamp value={item.ends_at} date="always" />
      </p>
      <p className="text-xs">{item.why}</p>
      {id === null ? null : (
        <p className="break-all font-mono text-2xs text-ink-muted">
          {id}
          {item.project === null ? "" : ` · ${item.project.id}`}
        </p>
      )}
    </li>
  );
}
