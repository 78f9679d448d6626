"use client";
import { CalendarSearch, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { Button } from "@/components/ui/button";
import { DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { Offer } from "@/lib/contracts/availability";
import type { Reservation } from "@/lib/contracts/reservations";
import { fieldErrors, isApiError } from "@/store/api-error";
import { useLazySearchAvailabilityQuery } from "@/store/reservations-api";
import { BookingRefusal } from "./booking-refusal";
import type { BookingValues } from "./booking-values";
import { HoldField } from "./hold-field";
import { offerBody } from "./offer-body";
import type { Asked } from "./offer-words";
import { isOwn } from "./own-events";
import { Offers } from "./refusal";
import { SearchFields } from "./search-fields";
import { placeSearchErrors, readSearch, type SearchErrors, type SearchInput, type SearchValues } from "./search-values";
import type { Booking } from "./use-booking";
import type { World } from "./use-booking-world";
import { JoinWaitlistButton } from "./waitlist/join-button";

export type FindSlotProps = {
  projectId: string;
  world: World;
  /** The search as it is typed; kept while the other way to book is looked at. */
  text: string;
  onText: (text: string) => void;
  values: SearchValues;
  onValues: (values: SearchValues) => void;
  /** What is booked beside where and when. */
  form: UseFormReturn<BookingValues>;
  booking: Booking;
  zone: string;
  onZone: (zone: string) => void;
  blocked: string | undefined;
  onDone: (reservation: Reservation) => void;
  /** Fills the other form with an offer. */
  onAdjust: (offer: Offer) => void;
  ways: ReactNode;
};

/** Finds when so many GPUs are free, and books what is found with one press. */
export function FindSlot({
  projectId,
  world,
  values,
  form,
  booking,
  zone,
  blocked,
  onDone,
  ways,
  ...props
}: FindSlotProps) {
  const [search, result] = useLazySearchAvailabilityQuery();
  /** What the offers on screen are for. */
  const [searched, setSearched] = useState<string | null>(null);
  const [taking, setTaking] = useState<Offer | null>(null);
  const reading = readSearch(values, { zone, ...world, now: new Date() });
  const key = reading.body === null ? null : JSON.stringify(reading.body);
  const isCurrent = searched !== null && searched === key;
  const error = isCurrent && result.isError && isApiError(result.error) ? result.error : undefined;
  const refused: SearchErrors = {};
  const isPlaced = placeSearchErrors(refused, fieldErrors(error), zone) && Object.keys(refused).length > 0;
  const errors = { ...refused, ...reading.errors };
  const found = isCurrent && !result.isFetching && !result.isError ? result.currentData : undefined;
  const verb = form.watch("hold") ? "Hold" : "Book";

  const run = async () => {
    booking.clear();
    if (reading.body === null) return;
    setSearched(JSON.stringify(reading.body));
    await search({ projectId, body: reading.body });
  };
  const take = async (offer: Offer) => {
    if (blocked !== undefined) return;
    setTaking(offer);
    const made = await booking.book(offerBody(offer, form.getValues()));
    setTaking(null);
    if (made !== null) onDone(made);
  };
  const offers = {
    asked: reading.body === null ? null : askedOf(reading.body, world),
    zone,
    verb,
    taking,
    onTake: (offer: Offer) => void take(offer),
    onAdjust: props.onAdjust,
    disabled: blocked !== undefined || (booking.isBooking && taking === null),
  };
  const wait = reading.body === null ? null : <JoinWaitlistButton criteria={reading.body} zone={zone} size="sm" />;
  return (
    <form
      onSubmit={(event) => {
        if (!isOwn(event)) return;
        event.preventDefault();
        void run();
      }}
      className="contents"
      noValidate
    >
      <DialogBody>
        {ways}
        <SearchFields world={world} values={values} errors={errors} zone={zone} {...props} />
        <HoldField form={form} minutes={world.policy.hold_minutes} />
        <BookingRefusal refusal={booking.refusal} quote={null} {...offers} actions={wait} />
        <div aria-live="polite" className="flex flex-col gap-3">
          {isCurrent && result.isFetching ? <SkeletonRows label="Looking for free GPUs" rows={3} /> : null}
          {isCurrent && result.isError && !result.isFetching && !isPlaced ? <FormError error={error} /> : null}
          {found === undefined ? null : found.offers.length > 0 ? (
            <Offers title="What fits" offers={found.offers} {...offers} />
          ) : (
            <>
              <EmptyState icon={<CalendarSearch />} title="Nothing fits as asked" actions={wait} className="py-6">
                {found.alternatives.length > 0
                  ? "These come near. Or wait until something is given back."
                  : "Ask for fewer GPUs, less time or a later end, or wait until something is given back."}
              </EmptyState>
              <Offers title="What comes near" offers={found.alternatives} {...offers} />
            </>
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={result.isFetching}>
          <Search aria-hidden="true" />
          Find slots
        </Button>
      </DialogFooter>
    </form>
  );
}

/** What is looked for, to say how what comes near it differs. */
function askedOf(
  { gpu_count, duration_minutes, not_before, finish_by, ...body }: SearchInput,
  { types }: World,
): Asked {
  const [poolId, ...more] = body.pool_ids ?? [];
  return {
    gpuCount: gpu_count,
    lengthMs: duration_minutes * 60_000,
    topology: body.topology === "single_node" ? "single_node" : "any",
    notBefore: not_before === undefined ? undefined : Date.parse(not_before),
    finishBy: finish_by === undefined ? undefined : Date.parse(finish_by),
    poolId: more.length === 0 ? poolId : undefined,
    gpuType: types.find(({ id }) => id === body.gpu_type)?.name,
  };
}
