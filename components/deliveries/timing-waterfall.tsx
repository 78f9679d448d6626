import { X } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format";
import type { Attempt } from "@/lib/contracts/deliveries";
import { type TimingName, timingParts, timingScale } from "./timing-parts";

type RowName = TimingName | "queue";

/** Each part has a pattern of its own, so that they are told apart without colours. */
const LOOKS: Record<RowName, { label: string; className: string }> = {
  queue: {
    label: "Queue wait",
    className:
      "text-ink-faint bg-[repeating-linear-gradient(90deg,currentColor_0_3px,transparent_3px_6px)] bg-size-[6px_2px] bg-repeat-x bg-center",
  },
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
  wait: { label: "First byte", className: "text-accent bg-current" },
  body: {
    label: "Body",
    className: "text-ink-muted bg-[repeating-linear-gradient(0deg,currentColor_0_1.5px,transparent_1.5px_4px)]",
  },
};

type Row = { name: RowName; start: number; length: number; left: number; width: number; broken?: boolean };

/** Where the time of an attempt went, part under part on one axis; the table is the same in figures for everybody. */
export function TimingWaterfall({ attempt }: { attempt: Attempt }) {
  const timings = timingParts(attempt);
  const { total, queued, parts, failedIn } = timings;
  const { place, queue } = timingScale(timings);
  const rows: Row[] = [
    ...(queue === null || queued === null
      ? []
      : [{ name: "queue" as const, start: -queued, length: queued, left: 0, ...queue }]),
    ...parts.map((part) => ({ ...part, ...place(part.start, part.length) })),
  ];
  const isUnsent = attempt.http_status === null && attempt.remote_address === null && parts.length === 0;
  return (
    <div className="flex flex-col gap-2">
      <table className="w-full text-xs">
        <caption className="sr-only">Where the time of attempt {attempt.number} went</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Part</th>
            <th scope="col">When</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <WaterfallRow key={row.name} row={row} failed={row.name === failedIn} />
          ))}
          <tr>
            <th scope="row" className="border-line border-t py-1 pr-3 text-start font-medium">
              Total
            </th>
            <td className="border-line border-t text-ink-muted">
              <span className="sr-only">from the start of the request</span>
            </td>
            <td className="border-line whitespace-nowrap border-t py-1 pl-3 text-end font-medium tabular-nums">
              {milliseconds(total)}
            </td>
          </tr>
        </tbody>
      </table>
      <p className="text-ink-muted text-xs">
        {isUnsent ? "Nothing was sent: the attempt ended before a connection was tried. " : null}
        {timings.reused ? "Kept-alive connection: nothing to look up, to connect or to encrypt. " : null}
        {attempt.remote_address === null ? null : (
          <>
            Sent to <code className="font-mono text-ink">{attempt.remote_address}</code>
          </>
        )}
      </p>
    </div>
  );
}

function WaterfallRow({ row, failed }: { row: Row; failed: boolean }) {
  const { label, className } = LOOKS[row.name];
  return (
    <tr>
      <th scope="row" className="w-28 whitespace-nowrap py-[3px] pr-3 text-start font-normal text-ink-muted">
        <span className="flex items-center gap-2">
          <span
            aria-hidden="true"
            className={cn("inline-block h-2.5 w-4 shrink-0 rounded-[2px] border border-line-strong", className)}
          />
          {label}
        </span>
      </th>
      <td className="relative bg-[linear-gradient(90deg,var(--line)_1px,transparent_1px)] bg-size-[25%_100%] py-[3px]">
        <span className="sr-only">{whenWords(row)}</span>
        <span
          aria-hidden="true"
          className={cn(
            "absolute top-1/2 h-2.5 min-w-[3px] -translate-y-1/2 rounded-[2px] border border-line-strong",
            className,
            failed && "rounded-r-none border-r-2 border-r-danger",
          )}
          style={{ left: `min(${row.left}%, calc(100% - 3px))`, width: `${row.width}%` }}
        >
          {row.broken ? (
            <span className="absolute top-1/2 left-1/2 -translate-x-1/2 -translate-y-1/2 -skew-x-12 border-surface border-x-2 bg-ink-faint px-px py-2" />
          ) : null}
          {failed ? (
            <X className="absolute top-1/2 -right-1.5 size-3.5 -translate-y-1/2 rounded-full bg-danger-fill p-0.5 text-on-fill" />
          ) : null}
        </span>
      </td>
      <td className="w-px whitespace-nowrap py-[3px] pl-3 text-end tabular-nums">
        {failed ? <span className="pr-1.5 font-medium text-danger">failed after</span> : null}
        {milliseconds(row.length)}
      </td>
    </tr>
  );
}

function whenWords({ name, start, broken }: Row): string {
  if (name === "queue") return broken ? "before the request, drawn shorter than it was" : "before the request";
  return start === 0 ? "from the start" : `from ${milliseconds(start)}`;
}

/** Look-ups and connections in the same place take fractions of a millisecond. */
function milliseconds(ms: number): string {
  return ms > 0 && ms < 10 ? `${Number(ms.toFixed(1))} ms` : formatDuration(ms);
}
