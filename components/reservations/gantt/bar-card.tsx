"use client";
import Link from "next/link";
import type { RefObject } from "react";
import { Button } from "@/components/ui/button";
import { Popover, PopoverAnchor, PopoverContent } from "@/components/ui/popover";
import { lookOf, nameOf } from "../bar-style";
import { reservationHref } from "../links";
import { lengthWords, rangeWords } from "../time-words";
import { gpusWords } from "../words";
import type { PlacedBar } from "./bar-layout";

export type BarActions = { canChange: boolean; canRelease: boolean };

type Props = {
  placed: PlacedBar;
  /** Where it opens: the bar. */
  anchor: RefObject<{ getBoundingClientRect: () => DOMRect }>;
  zone: string;
  poolName: string;
  actions: BarActions;
  onChange: () => void;
  onRelease: () => void;
  onClose: () => void;
  /** Gives the focus back to the bar. */
  onReturnFocus: () => void;
};

/** What a bar is, and what can be done with it: all that dragging does, by keyboard and on touch screens too. */
export function BarCard({ placed, anchor, zone, poolName, actions, onReturnFocus, ...on }: Props) {
  const { bar, from, to } = placed;
  const look = lookOf(bar);
  const Icon = look.icon;
  return (
    <Popover open onOpenChange={(open) => (open ? undefined : on.onClose())}>
      <PopoverAnchor virtualRef={anchor} />
      <PopoverContent
        aria-label={nameOf(bar)}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onReturnFocus();
        }}
      >
        <p className="flex items-center gap-1.5 font-medium text-ink">
          <Icon aria-hidden="true" className="size-4 shrink-0 text-ink-muted" />
          <span className="min-w-0 break-words">{nameOf(bar)}</span>
        </p>
        <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs [&_dt]:text-ink-muted">
          <dt>What</dt>
          <dd>{bar.status === null ? look.word : `${look.word}, ${bar.status}`}</dd>
          <dt>GPUs</dt>
          <dd>
            {gpusWords(bar.gpu_count)} of {poolName}
          </dd>
          <dt>When</dt>
          <dd className="tabular-nums">
            {rangeWords(from, to, zone)} ({lengthWords(to - from)})
          </dd>
          {zone === "UTC" ? null : (
            <>
              <dt>UTC</dt>
              <dd className="tabular-nums">{rangeWords(from, to, "UTC")}</dd>
            </>
          )}
          {bar.by === null ? null : (
            <>
              <dt>By</dt>
              <dd>{bar.by}</dd>
            </>
          )}
        </dl>
        {bar.kind === "others" ? (
          <p className="mt-2 text-ink-muted text-xs">Of other projects only the time and the number are shown.</p>
        ) : null}
        {bar.reservation_id === null ? null : (
          <div className="mt-3 flex flex-wrap gap-2">
            <Button asChild size="sm">
              <Link href={reservationHref(bar.reservation_id)}>Open</Link>
            </Button>
            {actions.canChange ? (
              <Button size="sm" onClick={on.onChange}>
                Change…
              </Button>
            ) : null}
            {actions.canRelease ? (
              <Button size="sm" onClick={on.onRelease}>
                Give back a part…
              </Button>
            ) : null}
          </div>
        )}
      </PopoverContent>
    </Popover>
  );
}
