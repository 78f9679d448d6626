"use client";
import { Check, Lock, type LucideIcon, TriangleAlert, Wrench } from "lucide-react";
import { Popover as RadixPopover } from "radix-ui";
import { cn } from "@/components/ui/cn";
import { Timestamp } from "@/components/ui/timestamp";
import type { NodeUnits, UnitHolding } from "@/lib/contracts/fleet-admin";
import { HOLDING_WORDS, holderWords } from "./words";

type Unit = NodeUnits["units"][number];
type State = UnitHolding["kind"] | "free";

/** Told apart by icon and ground; the word is in the name of the button and in the legend. */
const LOOKS: Readonly<Record<State, { word: string; icon: LucideIcon; className: string }>> = {
  free: { word: "Free", icon: Check, className: "border-line-strong border-dashed text-ink-muted" },
  booking: { word: HOLDING_WORDS.booking, icon: Lock, className: "border-accent/40 bg-accent-soft text-ink" },
  maintenance: {
    word: HOLDING_WORDS.maintenance,
    icon: Wrench,
    className: "border-caution/40 bg-caution-soft text-ink",
  },
  outage: { word: HOLDING_WORDS.outage, icon: TriangleAlert, className: "border-danger/40 bg-danger-soft text-ink" },
};

/** One GPU: its number and its state; pressed, what it holds now and next. */
export function UnitCell({ unit, node }: { unit: Unit; node: string }) {
  const state = unit.now?.kind ?? "free";
  const { word, icon: Icon, className } = LOOKS[state];
  return (
    <RadixPopover.Root>
      <RadixPopover.Trigger
        className={cn(
          "flex h-7 min-w-12 items-center justify-center gap-1 rounded-md border px-1.5 text-xs tabular-nums hover:border-control pointer-coarse:h-10 pointer-coarse:min-w-14",
          className,
        )}
        aria-label={`GPU ${unit.lane} of ${node}: ${unit.now ? `${word}, ${holderWords(unit.now)}` : word}`}
      >
        <Icon aria-hidden="true" className="size-3 shrink-0" />
        {unit.lane}
      </RadixPopover.Trigger>
      <RadixPopover.Portal>
        <RadixPopover.Content
          sideOffset={5}
          collisionPadding={8}
          aria-label={`GPU ${unit.lane} of ${node}`}
          className="z-50 flex w-72 max-w-[calc(100vw-1rem)] flex-col gap-3 rounded-lg bg-surface-raised p-3 text-ink text-sm shadow-pop outline-none data-[state=open]:animate-pop-in"
        >
          <Holding title="Now" holding={unit.now} />
          <Holding title="Next" holding={unit.next} />
        </RadixPopover.Content>
      </RadixPopover.Portal>
    </RadixPopover.Root>
  );
}

function Holding({ title, holding }: { title: string; holding: UnitHolding | null }) {
  return (
    <div>
      <p className="text-ink-muted text-xs">{title}</p>
      {holding === null ? (
        <p>Free</p>
      ) : (
        <>
          <p className="break-words font-medium">{holderWords(holding)}</p>
          <p className="text-ink-muted text-xs">
            <Timestamp value={holding.starts_at} date="always" /> – <Timestamp value={holding.ends_at} date="always" />
          </p>
          {holding.reservation_id === null ? null : (
            <p className="break-all font-mono text-2xs text-ink-muted">{holding.reservation_id}</p>
          )}
        </>
      )}
    </div>
  );
}

/** What the looks of the GPUs mean. */
export function UnitLegend() {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1.5 text-ink-muted text-xs">
      {Object.entries(LOOKS).map(([state, { word, icon: Icon, className }]) => (
        <li key={state} className="flex items-center gap-1.5">
          <span className={cn("flex size-5 items-center justify-center rounded border", className)}>
            <Icon aria-hidden="true" className="size-3" />
          </span>
          {word}
        </li>
      ))}
    </ul>
  );
}
