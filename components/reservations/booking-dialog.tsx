"use client";
import { CalendarClock } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import type { Offer } from "@/lib/contracts/availability";
import type { Reservation } from "@/lib/contracts/reservations";
import { BookingForm } from "./booking-form";
import { type BookingValues, readBooking, startingValues } from "./booking-values";
import { FindSlot } from "./find-slot";
import { HeldStep } from "./held-step";
import { reservationHref } from "./links";
import { PlanNotice } from "./notices";
import { inOtherZone, startingSearch } from "./search-values";
import { rangeWords } from "./time-words";
import { useBooking } from "./use-booking";
import { useBookingWorld, type World } from "./use-booking-world";
import { useReaderZone } from "./use-reader-zone";
import { fieldsAt, momentOf } from "./wall-fields";
import { gpusWords, nameOf, writeBlock } from "./words";

/** What the form starts with; the rest is as its fields have it by default. Times are ISO 8601. */
export type BookingDraft = {
  poolId?: string | undefined;
  gpuCount?: number | undefined;
  startsAt?: string | undefined;
  endsAt?: string | undefined;
  /** Opens the search for a slot that ends by then. */
  finishBy?: string | undefined;
};

export type BookingDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  draft?: BookingDraft | undefined;
  /** The IANA zone in which times are entered and shown; the one that the reader chose for the console unless given. */
  zone?: string | undefined;
  /** Called with what was booked or held; the dialog then goes on by itself. */
  onBooked?: ((reservation: Reservation) => void) | undefined;
};

type Way = "when" | "find";

/** Books GPUs: at a time that is known, or in a slot that it finds. */
export function BookingDialog({ open, onOpenChange, ...props }: BookingDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="xl"
      fillsPhone
      title="Book GPUs"
      description="Guaranteed for the whole time, prepaid with credits."
    >
      <Content {...props} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

type ContentProps = Pick<BookingDialogProps, "draft" | "zone" | "onBooked"> & { onClose: () => void };

/** Mounted anew each time the dialog opens. */
function Content(props: ContentProps) {
  const { project } = useProject();
  const { world, error, retry } = useBookingWorld();
  if (world === null) {
    return (
      <DialogBody>
        {retry === undefined ? (
          <SkeletonRows label="Loading the pools" rows={5} />
        ) : (
          <LoadError error={error} onRetry={retry} />
        )}
      </DialogBody>
    );
  }
  if (world.pools.length === 0) {
    return (
      <DialogBody>
        <EmptyState icon={<CalendarClock />} title="There are no GPUs to book yet">
          Whoever runs this installation adds pools of GPUs; they appear here.
        </EmptyState>
      </DialogBody>
    );
  }
  return <Steps key={project.id} world={world} {...props} />;
}

function Steps({ world, draft = {}, zone: given, onBooked, onClose }: ContentProps & { world: World }) {
  const { project, can } = useProject();
  const router = useRouter();
  const readerZone = useReaderZone(given);
  const [zone, setZone] = useState(readerZone);
  const [way, setWay] = useState<Way>(draft.finishBy === undefined ? "when" : "find");
  const [search, setSearch] = useState({ text: "", values: startingSearch(draft, zone) });
  const [held, setHeld] = useState<Reservation | null>(null);
  const booking = useBooking(project.id);
  const form = useForm<BookingValues>({
    defaultValues: startingValues(draft, { zone, ...world, now: new Date() }),
    mode: "onTouched",
    resolver: (values) => {
      const { errors } = readBooking(values, { zone, ...world, now: new Date() });
      const entries = Object.entries(errors).map(([name, message]) => [name, { type: "rule", message }]);
      return entries.length === 0 ? { values, errors: {} } : { values: {}, errors: Object.fromEntries(entries) };
    },
  });
  const blocked =
    project.plan === "premium" ? writeBlock(can) : "This project is on the free plan: reserving is part of premium.";

  const changeZone = (next: string) => {
    // The same moments by another clock.
    setSearch(({ text, values }) => ({ text, values: inOtherZone(values, zone, next) }));
    for (const name of ["start", "end"] as const) {
      const at = momentOf(form.getValues(name), zone);
      if (at !== null) form.setValue(name, fieldsAt(at, next));
    }
    setZone(next);
  };
  const tell = (reservation: Reservation) => {
    const { id, gpu_count, pool, starts_at, ends_at } = reservation;
    toast.success(`Booked: ${nameOf(reservation)}`, {
      description: `${gpusWords(gpu_count, pool.gpu_type)}, ${rangeWords(Date.parse(starts_at), Date.parse(ends_at), zone)}`,
      action: { label: "Open", onClick: () => router.push(reservationHref(id)) },
    });
    onClose();
  };
  const done = (reservation: Reservation) => {
    onBooked?.(reservation);
    if (reservation.status === "held") setHeld(reservation);
    else tell(reservation);
  };
  if (held !== null) {
    return (
      <HeldStep
        key={held.id}
        projectId={project.id}
        reservation={held}
        zone={zone}
        onConfirmed={tell}
        onBack={() => setHeld(null)}
      />
    );
  }
  const ways = (
    <>
      {project.plan === "premium" ? null : <PlanNotice />}
      <Segmented
        label="How to book"
        value={way}
        options={[
          { value: "when", label: "I know when" },
          { value: "find", label: "Find me a slot" },
        ]}
        onValueChange={(next: Way) => {
          booking.clear();
          setWay(next);
        }}
        className="self-start"
      />
    </>
  );
  const adjust = (offer: Offer) => {
    booking.clear();
    form.setValue("place", `pool:${offer.pool_id}`);
    form.setValue("gpu_count", String(offer.gpu_count));
    form.setValue("topology", offer.topology);
    form.setValue("start", fieldsAt(Date.parse(offer.starts_at), zone));
    form.setValue("end", fieldsAt(Date.parse(offer.ends_at), zone));
    setWay("when");
  };
  const shared = { world, form, booking, zone, onZone: changeZone, blocked, ways };
  return way === "when" ? (
    <BookingForm {...shared} onDone={done} onAdjust={adjust} />
  ) : (
    <FindSlot
      projectId={project.id}
      {...shared}
      text={search.text}
      onText={(text) => setSearch((last) => ({ ...last, text }))}
      values={search.values}
      onValues={(values) => setSearch((last) => ({ ...last, values }))}
      onDone={done}
      onAdjust={adjust}
    />
  );
}
