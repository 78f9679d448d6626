"use client";
import { BookingDialog, type BookingDraft } from "@/components/reservations/booking-dialog";
import { ChangeDialog, type ReservationChangeDraft } from "@/components/reservations/change-dialog";
import type { Bar } from "@/lib/contracts/calendar";
import { BarDialog } from "./bar-dialog";
import { DayDialog, type DayDialogProps } from "./day-dialog";

/** Which dialog is open over the calendar; one at a time. */
export type Opened =
  | { kind: "bar"; bar: Bar }
  | { kind: "day"; day: number }
  | { kind: "book"; draft: BookingDraft }
  | { kind: "change"; bar: Bar; change: ReservationChangeDraft };

type CalendarDialogsProps = {
  opened: Opened | null;
  onOpen: (opened: Opened | null) => void;
  zone: string;
  poolNames: ReadonlyMap<string, string>;
  canChange: (bar: Bar) => boolean;
  /** What the dialog of a day shows of it. */
  dayContent: (day: number) => Pick<DayDialogProps, "bars" | "free" | "clockChange" | "onBook" | "onShowWeek">;
};

export function CalendarDialogs({ opened, onOpen, zone, poolNames, canChange, dayContent }: CalendarDialogsProps) {
  const close = () => onOpen(null);
  switch (opened?.kind) {
    case "bar": {
      const { bar } = opened;
      const change = () => onOpen({ kind: "change", bar, change: {} });
      return (
        <BarDialog
          bar={bar}
          zone={zone}
          poolName={poolNames.get(bar.pool_id)}
          onChange={canChange(bar) ? change : undefined}
          onClose={close}
        />
      );
    }
    case "day":
      return (
        <DayDialog
          day={opened.day}
          zone={zone}
          poolNames={poolNames}
          {...dayContent(opened.day)}
          onOpenBar={(bar) => onOpen({ kind: "bar", bar })}
          onClose={close}
        />
      );
    case "book":
      return <BookingDialog open draft={opened.draft} zone={zone} onOpenChange={(open) => open || close()} />;
    case "change": {
      const { reservation_id: id, version } = opened.bar;
      if (id === null) return null;
      return (
        <ChangeDialog
          open
          reservation={{ id, ...(version === null ? {} : { version }) }}
          change={opened.change}
          zone={zone}
          onOpenChange={(open) => open || close()}
        />
      );
    }
    default:
      return null;
  }
}
