"use client";
import { ArrowRight, CalendarClock } from "lucide-react";
import Link from "next/link";
import { lookOf, nameOf } from "@/components/reservations/bar-style";
import { reservationHref } from "@/components/reservations/links";
import { lengthWords, rangeWords, zoneWords } from "@/components/reservations/time-words";
import { gpusWords, STATUS_WORDS } from "@/components/reservations/words";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { KeyValue, KeyValueList } from "@/components/ui/key-value";
import { StatusBadge } from "@/components/ui/status-badge";
import type { Bar } from "@/lib/contracts/calendar";

type BarDialogProps = {
  bar: Bar;
  zone: string;
  poolName: string | undefined;
  /** Opens the form that changes it; undefined: the reader may not. */
  onChange: (() => void) | undefined;
  onClose: () => void;
};

/** What is known of one stretch of the calendar, and what can be done with it. */
export function BarDialog({ bar, zone, poolName, onChange, onClose }: BarDialogProps) {
  const look = lookOf(bar);
  const { icon: Icon } = look;
  const [from, to] = [Date.parse(bar.starts_at), Date.parse(bar.ends_at)];
  const status = bar.status === null ? undefined : STATUS_WORDS[bar.status];
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={nameOf(bar)}
      description={EXPLAINED[bar.kind]}
      size="md"
    >
      <DialogBody>
        <p className="flex items-center gap-2">
          <span
            className={cn(
              "inline-flex items-center gap-1.5 rounded-md px-2 py-0.5 font-medium text-xs [&_svg]:size-3.5",
              look.className,
            )}
          >
            <Icon aria-hidden="true" />
            {look.word}
          </span>
          {status === undefined ? null : <StatusBadge tone={status.tone}>{status.word}</StatusBadge>}
        </p>
        <KeyValueList>
          <KeyValue label="When">
            {rangeWords(from, to, zone)}
            <span className="block text-ink-muted text-xs">{zoneWords(zone, from)}</span>
          </KeyValue>
          {zone === "UTC" ? null : <KeyValue label="UTC">{rangeWords(from, to, "UTC")}</KeyValue>}
          <KeyValue label="Length">{lengthWords(to - from)}</KeyValue>
          <KeyValue label="GPUs">{gpusWords(bar.gpu_count)}</KeyValue>
          {poolName === undefined ? null : <KeyValue label="Pool">{poolName}</KeyValue>}
          {bar.by === null ? null : <KeyValue label="By">{bar.by}</KeyValue>}
        </KeyValueList>
      </DialogBody>
      {bar.reservation_id === null ? null : (
        <DialogFooter>
          {onChange === undefined ? null : (
            <Button onClick={onChange}>
              <CalendarClock aria-hidden="true" />
              Change
            </Button>
          )}
          <Button asChild variant="primary">
            <Link href={reservationHref(bar.reservation_id)}>
              Open reservation
              <ArrowRight aria-hidden="true" />
            </Link>
          </Button>
        </DialogFooter>
      )}
    </Dialog>
  );
}

const EXPLAINED: Readonly<Record<Bar["kind"], string>> = {
  mine: "You booked it.",
  team: "Somebody else of this project booked it.",
  others: "Another project booked it; nothing else about it is shown.",
  maintenance: "These GPUs cannot be booked during that time.",
  outage: "These GPUs are out of service.",
};
