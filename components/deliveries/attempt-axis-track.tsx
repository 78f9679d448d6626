"use client";
import { Check, X } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format";
import type { Attempt } from "@/lib/contracts/deliveries";
import { type AxisSegment, axisSegments } from "./attempt-axis";

export type AttemptAxisTrackProps = {
  attempts: readonly Attempt[];
  /** The attempt that is planned, ISO 8601; null when none is, or when its time is not known. */
  next: { number: number; at: string } | null;
  /** Opens an attempt in the list below. */
  onOpen: (number: number) => void;
};

/** All attempts on one axis of time: how long each took, and how long it was until the next one. */
export function AttemptAxisTrack({ attempts, next, onOpen }: AttemptAxisTrackProps) {
  const segments = axisSegments(
    attempts.map((attempt) => ({
      number: attempt.number,
      startedAt: Date.parse(attempt.started_at),
      lengthMs: attempt.latency_ms,
      ok: attempt.error_code === null,
    })),
    next === null ? null : { number: next.number, at: Date.parse(next.at) },
  );
  // One attempt and nothing after it needs no axis.
  if (segments.length < 2) return null;
  return (
    <div className="relative overflow-x-auto pb-1">
      <ol aria-label="Attempts on one axis of time" className="flex min-w-max items-start px-0.5 pt-0.5">
        {segments.map((segment) => (
          <Segment
            key={segment.kind === "gap" ? `gap-${segment.before}` : segment.number}
            segment={segment}
            onOpen={onOpen}
          />
        ))}
      </ol>
    </div>
  );
}

function Segment({ segment, onOpen }: { segment: AxisSegment; onOpen: (number: number) => void }) {
  const grow = { flexGrow: segment.grow, flexBasis: 0 };
  if (segment.kind === "gap") return <Gap segment={segment} />;
  if (segment.kind === "next") {
    return (
      <li className="flex flex-col items-center">
        <span
          aria-hidden="true"
          className="flex h-6 min-w-7 items-center justify-center rounded-md border border-line-strong border-dashed px-1.5 text-ink-muted text-xs"
        >
          {segment.number}
        </span>
        <span className="pt-0.5 text-ink-muted text-xs">next</span>
        <span className="sr-only">Attempt {segment.number} is planned</span>
      </li>
    );
  }
  const Icon = segment.ok ? Check : X;
  return (
    <li className="flex flex-col" style={grow}>
      <button
        type="button"
        onClick={() => onOpen(segment.number)}
        title={`Attempt ${segment.number}, ${segment.ok ? "delivered" : "failed"}, took ${formatDuration(segment.lengthMs)}`}
        className={cn(
          "flex h-6 min-w-9 items-center justify-center gap-0.5 rounded-md border px-1 font-medium text-ink text-xs tabular-nums pointer-coarse:h-10",
          segment.ok ? "border-positive/40 bg-positive-soft" : "border-danger/40 bg-danger-soft",
        )}
      >
        <span className="sr-only">Open attempt</span>
        {segment.number}
        <Icon aria-hidden="true" className={cn("size-3", segment.ok ? "text-positive" : "text-danger")} />
        <span className="sr-only">
          {segment.ok ? "delivered" : "failed"}, took {formatDuration(segment.lengthMs)}
        </span>
      </button>
      <span
        aria-hidden="true"
        className="whitespace-nowrap px-0.5 pt-0.5 text-center text-ink-muted text-xs tabular-nums"
      >
        {formatDuration(segment.lengthMs)}
      </span>
    </li>
  );
}

/** The line from one attempt to the next; two strokes across it where it is drawn shorter than it was. */
function Gap({ segment }: { segment: Extract<AxisSegment, { kind: "gap" }> }) {
  return (
    <li className="flex flex-col" style={{ flexGrow: segment.grow, flexBasis: 0 }}>
      <span aria-hidden="true" className="relative flex h-6 min-w-14 items-center pointer-coarse:h-10">
        <span className="h-px w-full bg-line-strong" />
        {segment.broken ? (
          <span className="absolute left-1/2 h-3 w-1.5 -translate-x-1/2 -skew-x-[20deg] border-ink-muted border-x bg-surface" />
        ) : null}
      </span>
      <span className="whitespace-nowrap px-1 pt-0.5 text-center text-ink-muted text-xs tabular-nums">
        <span className="sr-only">Then a wait of </span>
        {formatDuration(segment.lengthMs)}
        {segment.broken ? <span className="sr-only">, drawn shorter than it was</span> : null}
      </span>
    </li>
  );
}
