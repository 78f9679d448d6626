"use client";
import { BAR_LOOKS, HELD_LOOK } from "@/components/reservations/bar-style";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import { WHOSE, type Whose } from "./calendar-address";

type LegendProps = {
  whose: readonly Whose[];
  onWhose: (whose: Whose[]) => void;
  /** How many of each there are in sight; undefined while they are loading. */
  counts: Readonly<Record<Whose, number>> | undefined;
};

/** What the looks of the stretches mean; pressing one shows or hides its kind. */
export function Legend({ whose, onWhose, counts }: LegendProps) {
  const toggle = (kind: Whose) =>
    onWhose(WHOSE.filter((other) => (other === kind ? !whose.includes(kind) : whose.includes(other))));
  const { icon: HeldIcon } = HELD_LOOK;
  return (
    <fieldset className="flex flex-wrap items-center gap-1.5">
      <legend className="sr-only">Whose bookings to show</legend>
      {WHOSE.map((kind) => {
        const { word, icon: Icon, className } = BAR_LOOKS[kind];
        const isOn = whose.includes(kind);
        return (
          <button
            key={kind}
            type="button"
            aria-pressed={isOn}
            onClick={() => toggle(kind)}
            className={cn(
              "inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs transition-colors hover:bg-hover pointer-coarse:h-10 pointer-coarse:px-3",
              isOn ? "font-medium text-ink" : "text-ink-muted line-through decoration-1",
            )}
          >
            <span
              aria-hidden="true"
              className={cn(
                "flex size-4.5 items-center justify-center rounded-sm [&_svg]:size-3",
                className,
                !isOn && "grayscale",
              )}
            >
              <Icon />
            </span>
            {word}
            {counts === undefined ? null : (
              <span className="text-ink-muted tabular-nums no-underline">{formatNumber(counts[kind])}</span>
            )}
          </button>
        );
      })}
      <span className="inline-flex h-7 items-center gap-1.5 px-1.5 text-ink-muted text-xs">
        <span
          aria-hidden="true"
          className="bar bar-mine bar-held flex size-4.5 items-center justify-center rounded-sm [&_svg]:size-3"
        >
          <HeldIcon />
        </span>
        Dashed: held, not confirmed yet
      </span>
    </fieldset>
  );
}
