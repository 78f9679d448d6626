"use client";
import { Popover as RadixPopover } from "radix-ui";
import { type FocusEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cn } from "./cn";
import { formatShortTime, formatUtc, type Moment, toMs } from "./format";
import { TimeDetails } from "./time-details";
import { useOffset } from "./time-zone";
import { useHydrated } from "./use-hydrated";

export type TimestampProps = {
  value: Moment;
  /** Whether the date stands before the time: only when it is not today (default), always or never. */
  date?: "auto" | "always" | "never" | undefined;
  /** Shown instead of the time itself: a RelativeTime's words. */
  children?: ReactNode | undefined;
  className?: string | undefined;
};

/**
 * A moment in the zone that the reader chose, with seconds. Hovering or focusing it opens UTC, local time with offset, relative and
 * Unix time; Enter or a press moves the focus into that panel, where each can be copied. The server, which does not
 * know the reader's zone, renders UTC and says so.
 */
export function Timestamp({ value, date, children, className }: TimestampProps) {
  const ms = toMs(value);
  const panelId = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [open, setOpen] = useState(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!Number.isFinite(ms)) return <span className="text-ink-muted">–</span>;

  const change = (next: boolean, delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(next), delay);
  };
  const enterPanel = () => {
    clearTimeout(timer.current);
    setOpen(true);
    requestAnimationFrame(() => panel.current?.querySelector("button")?.focus());
  };
  const leave = (event: FocusEvent) => {
    const next = event.relatedTarget;
    if (next instanceof Node && (panel.current?.contains(next) || trigger.current?.contains(next))) return;
    change(false, 0);
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        className={cn(
          "relative z-10 cursor-default! rounded-sm text-start tabular-nums pointer-coarse:after:absolute pointer-coarse:after:-inset-2",
          className,
        )}
        onPointerEnter={(event) => event.pointerType === "mouse" && change(true, 200)}
        onPointerLeave={(event) => event.pointerType === "mouse" && change(false, 150)}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && change(true, 0)}
        onBlur={leave}
        onClick={enterPanel}
      >
        {children ?? <ShortTime ms={ms} date={date} />}
      </button>
      {open ? (
        <RadixPopover.Root open onOpenChange={(next) => change(next, 0)}>
          <RadixPopover.Anchor virtualRef={trigger} />
          <RadixPopover.Portal>
            <RadixPopover.Content
              ref={panel}
              id={panelId}
              aria-label="Time in other forms"
              side="top"
              align="start"
              sideOffset={4}
              collisionPadding={8}
              onOpenAutoFocus={(event) => event.preventDefault()}
              onCloseAutoFocus={(event) => event.preventDefault()}
              onEscapeKeyDown={() => {
                // Back to where the reader was. The panel closes after this, so the focus does not open it again.
                if (panel.current?.contains(document.activeElement)) trigger.current?.focus({ preventScroll: true });
              }}
              onPointerEnter={() => change(true, 0)}
              onPointerLeave={(event) => event.pointerType === "mouse" && change(false, 150)}
              onBlur={leave}
              className="z-50 rounded-lg bg-surface-raised p-1.5 text-ink shadow-pop outline-none data-[state=open]:animate-pop-in"
            >
              <TimeDetails ms={ms} />
            </RadixPopover.Content>
          </RadixPopover.Portal>
        </RadixPopover.Root>
      ) : null}
    </>
  );
}

function ShortTime({ ms, date }: { ms: number; date: TimestampProps["date"] }) {
  const hydrated = useHydrated();
  const offsetAt = useOffset();
  const text = hydrated
    ? formatShortTime(ms, { offsetMinutes: offsetAt(ms), date, now: Date.now() })
    : date === "never"
      ? `${formatShortTime(ms, { offsetMinutes: 0, date })} UTC`
      : formatUtc(ms);
  return <time dateTime={new Date(ms).toISOString()}>{text}</time>;
}
