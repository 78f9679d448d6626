"use client";
import { ChevronRight, CircleCheck, CircleDashed, CircleX, Flag, Inbox, LoaderCircle } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format";
import { Timestamp } from "@/components/ui/timestamp";
import type { Attempt, DeliveryDetail } from "@/lib/contracts/deliveries";
import { AttemptAxisTrack } from "./attempt-axis-track";
import { AttemptExchange } from "./attempt-exchange";
import { AttemptWaiting } from "./attempt-waiting";
import { HttpCode } from "./http-code";
import { triggerWord } from "./status-words";

export type AttemptTimelineProps = {
  delivery: DeliveryDetail;
  /** The webhook is disabled: what is planned waits. */
  paused: boolean;
};

/**
 * What happened and what comes next, oldest first: a new attempt is added at the end and moves nothing that is being
 * read. The attempt that is the newest at first is open; those that arrive later are a line each until they are opened.
 */
export function AttemptTimeline({ delivery, paused }: AttemptTimelineProps) {
  const { attempts } = delivery;
  // What the reader opened or closed; the rest is as it was when it came.
  const [toggled, setToggled] = useState<ReadonlyMap<number, boolean>>(new Map());
  const [firstOpen] = useState(() => attempts.at(-1)?.number ?? 1);
  const isOpen = (number: number) => toggled.get(number) ?? number === firstOpen;
  const toggle = (number: number, open: boolean) => setToggled(new Map(toggled).set(number, open));
  const open = (number: number) => {
    toggle(number, true);
    document.getElementById(attemptNodeId(number))?.scrollIntoView({ block: "nearest" });
  };
  const { status, next_attempt_at } = delivery;
  const isPlanned = status === "pending" && !paused && delivery.waiting === null && next_attempt_at !== null;
  const next = isPlanned ? { number: (attempts.at(-1)?.number ?? 0) + 1, at: next_attempt_at } : null;
  return (
    <div className="flex flex-col gap-3">
      <AttemptAxisTrack attempts={attempts} next={next} onOpen={open} />
      <ol aria-label="Attempts" className="flex flex-col">
        <Node icon={<Inbox className="text-ink-muted" />}>
          <div className="flex flex-wrap items-center justify-between gap-x-3 px-[9px] py-1 text-ink-muted text-sm">
            <span>Accepted</span>
            <Timestamp value={delivery.created_at} />
          </div>
        </Node>
        {attempts.map((attempt) => (
          <AttemptNode
            key={attempt.number}
            attempt={attempt}
            deliveryId={delivery.id}
            url={delivery.url}
            open={isOpen(attempt.number)}
            onToggle={(open) => toggle(attempt.number, open)}
          />
        ))}
        <NextNode delivery={delivery} paused={paused} />
      </ol>
    </div>
  );
}

const attemptNodeId = (number: number) => `attempt-${number}`;

type AttemptNodeProps = {
  attempt: Attempt;
  deliveryId: string;
  url: string;
  open: boolean;
  onToggle: (open: boolean) => void;
};

function AttemptNode({ attempt, deliveryId, url, open, onToggle }: AttemptNodeProps) {
  const panelId = useId();
  const ok = attempt.error_code === null;
  return (
    <Node
      id={attemptNodeId(attempt.number)}
      icon={ok ? <CircleCheck className="text-positive" /> : <CircleX className="text-danger" />}
    >
      <div className={cn("rounded-lg border border-line", !open && "border-transparent hover:bg-hover")}>
        <div className="relative flex flex-wrap items-center gap-x-3 gap-y-0.5 px-2 py-1 text-sm">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={panelId}
            onClick={() => onToggle(!open)}
            className="inline-flex items-center gap-1 font-medium after:absolute after:inset-0 after:rounded-lg after:content-[''] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent"
          >
            <ChevronRight
              aria-hidden="true"
              className={cn("-ml-0.5 size-3.5 text-ink-muted transition-transform", open && "rotate-90")}
            />
            Attempt {attempt.number}
          </button>
          <HttpCode
            status={attempt.http_status}
            errorCode={attempt.error_code}
            errorMessage={attempt.error_message}
            reason
          />
          {attempt.trigger === "auto" ? (
            <span className="text-ink-muted text-xs">{triggerWord(attempt.trigger)}</span>
          ) : (
            <Badge tone="accent">{triggerWord(attempt.trigger)}</Badge>
          )}
          <span className="ml-auto flex items-center gap-3 text-ink-muted text-xs tabular-nums">
            <span>{formatDuration(attempt.latency_ms)}</span>
            <Timestamp value={attempt.started_at} />
          </span>
          {open || attempt.http_status !== null || attempt.error_message === null ? null : (
            <span className="w-full text-ink-muted text-xs">{attempt.error_message}</span>
          )}
        </div>
        <div id={panelId} hidden={!open} className="border-line border-t p-3">
          {open ? <AttemptExchange attempt={attempt} deliveryId={deliveryId} url={url} /> : null}
        </div>
      </div>
    </Node>
  );
}

/** The end of the line: what is under way, what comes next, or how it ended. */
function NextNode({ delivery, paused }: AttemptTimelineProps) {
  const { status, attempts, attempt_count, max_attempts } = delivery;
  const number = (attempts.at(-1)?.number ?? 0) + 1;
  const count = `${attempt_count} ${attempt_count === 1 ? "attempt" : "attempts"}`;
  if (status === "delivering") {
    return (
      <Node icon={<LoaderCircle className="animate-spin text-accent" />} last>
        <p className="px-[9px] py-1 text-sm">
          Attempt {number} <span className="text-ink-muted">under way…</span>
        </p>
      </Node>
    );
  }
  if (status === "pending") {
    return (
      <Node icon={<CircleDashed className="text-ink-muted" />} last>
        <p data-next="" className="px-[9px] py-1 text-sm">
          Attempt {number} of {max_attempts}{" "}
          <span className="text-ink-muted">
            <AttemptWaiting delivery={delivery} paused={paused} />
          </span>
        </p>
      </Node>
    );
  }
  return (
    <Node icon={<Flag className="text-ink-muted" />} last>
      <div className="flex flex-wrap items-center justify-between gap-x-3 px-[9px] py-1 text-ink-muted text-sm">
        <span>
          {status === "delivered"
            ? `Delivered after ${count}`
            : status === "failed"
              ? `Given up after ${count}`
              : "Cancelled: the webhook was deleted"}
        </span>
        {delivery.completed_at === null ? null : <Timestamp value={delivery.completed_at} />}
      </div>
    </Node>
  );
}

/** Where the line ends: what a retry brings about appears here. There is one delivery on a page. */
export const TIMELINE_END_ID = "timeline-end";

type NodeProps = { id?: string | undefined; icon: ReactNode; last?: boolean; children: ReactNode };

/** A point of the line, with the line on to the next one. */
function Node({ id, icon, last = false, children }: NodeProps) {
  return (
    <li id={last ? TIMELINE_END_ID : id} className="relative grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2 pb-2">
      {last ? null : (
        <span aria-hidden="true" className="absolute top-7 bottom-0 left-[0.5625rem] w-px bg-line-strong" />
      )}
      <span aria-hidden="true" className="flex justify-center pt-2 [&_svg]:size-4">
        {icon}
      </span>
      <div className="min-w-0">{children}</div>
    </li>
  );
}
