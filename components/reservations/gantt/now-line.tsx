"use client";
import { useMinute } from "@/components/ui/use-now";
import { clockWords } from "../time-words";
import { type Scale, xOf } from "./time-scale";

type Props = { scale: Scale; zone: string };

/** The line of the present through all rows. */
export function NowLine({ scale }: Pick<Props, "scale">) {
  const now = useMinute();
  if (now < scale.from || now > scale.to) return null;
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-y-0 z-4" style={{ left: "var(--column)" }}>
      <span data-testid="gantt-now" className="absolute inset-y-0 w-0.5 bg-danger" style={{ left: xOf(scale, now) }} />
    </div>
  );
}

/** Its label, in the header. */
export function NowLabel({ scale, zone }: Props) {
  const now = useMinute();
  if (now < scale.from || now > scale.to) return null;
  return (
    <span
      className="absolute bottom-0 z-1 -translate-x-1/2 whitespace-nowrap rounded-t-sm bg-danger-fill px-1.5 py-0.5 font-medium text-[11px] text-on-fill tabular-nums leading-4"
      style={{ left: xOf(scale, now) }}
    >
      Now {clockWords(now, zone)}
    </span>
  );
}
