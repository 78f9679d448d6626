import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format";
import type { Attempt } from "@/lib/contracts/deliveries";
import { type TimingPart, timingParts } from "./timing-parts";

/** Each part has a pattern of its own, so that they are told apart without colours. */
const LOOKS: Record<TimingPart["name"], { label: string; className: string }> = {
  dns: {
    label: "DNS",
    className: "text-ink-muted bg-[radial-gradient(currentColor_1px,transparent_1.2px)] bg-size-[4px_4px]",
  },
  connect: {
    label: "Connect",
    className: "text-caution bg-[repeating-linear-gradient(45deg,currentColor_0_1.5px,transparent_1.5px_5px)]",
  },
  tls: {
    label: "TLS",
    className: "text-positive bg-[repeating-linear-gradient(90deg,currentColor_0_1.5px,transparent_1.5px_4px)]",
  },
  wait: { label: "Waiting", className: "text-accent bg-current" },
  body: {
    label: "Body",
    className: "text-ink-muted bg-[repeating-linear-gradient(0deg,currentColor_0_1.5px,transparent_1.5px_4px)]",
  },
};

/** Where the time of an attempt went. */
export function TimingBar({ timings, latencyMs }: { timings: Attempt["timings"]; latencyMs: number }) {
  const { parts, total, firstByte, queued, reused } = timingParts(timings, latencyMs);
  return (
    <div className="flex flex-col gap-2">
      <div aria-hidden="true" className="flex h-4 overflow-hidden rounded border border-line-strong bg-surface">
        {parts.map(({ name, length }) => (
          <div
            key={name}
            className={cn("min-w-[3px] border-line-strong not-last:border-r", LOOKS[name].className)}
            style={{ flexGrow: length, flexBasis: 0 }}
          />
        ))}
      </div>
      <dl className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {parts.map(({ name, length }) => (
          <div key={name} className="flex items-center gap-1.5">
            <dt className="flex items-center gap-1.5 text-ink-muted">
              <span
                aria-hidden="true"
                className={cn("inline-block size-3 rounded-[3px] border border-line-strong", LOOKS[name].className)}
              />
              {LOOKS[name].label}
            </dt>
            <dd className="tabular-nums">{milliseconds(length)}</dd>
          </div>
        ))}
        {firstByte === null ? null : <Figure label="First byte at" ms={firstByte} />}
        <Figure label="Total" ms={total} strong />
        {queued === null ? null : <Figure label="Queue wait before" ms={queued} />}
      </dl>
      {reused ? (
        <p className="text-ink-muted text-xs">An open connection was used again: nothing to look up or to connect.</p>
      ) : null}
    </div>
  );
}

function Figure({ label, ms, strong = false }: { label: string; ms: number; strong?: boolean }) {
  return (
    <div className="flex items-center gap-1.5">
      <dt className="text-ink-muted">{label}</dt>
      <dd className={cn("tabular-nums", strong && "font-medium")}>{milliseconds(ms)}</dd>
    </div>
  );
}

/** Look-ups and connections in the same place take fractions of a millisecond. */
function milliseconds(ms: number): string {
  return ms > 0 && ms < 10 ? `${Number(ms.toFixed(1))} ms` : formatDuration(ms);
}
