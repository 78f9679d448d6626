"use client";
import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Controller, type UseFormReturn, useWatch } from "react-hook-form";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { CheckboxField } from "@/components/ui/checkbox";
import { DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Disclosure } from "@/components/ui/disclosure";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useMinute } from "@/components/ui/use-now";
import { GuardedButton } from "@/components/webhooks/guarded";
import { NO_REQUEST_WEBHOOK } from "@/components/workflows/request-webhook-values";
import { BOOKING_LIMITS, type Offer } from "@/lib/contracts/availability";
import { minutesInWords } from "@/lib/contracts/booking-rules";
import { priceOf } from "@/lib/contracts/pricing";
import type { Reservation } from "@/lib/contracts/reservations";
import { fieldErrors } from "@/store/api-error";
import type { CreateReservationInput } from "@/store/reservations-api";
import { BookingRefusal } from "./booking-refusal";
import { type BookingErrors, type BookingValues, placeFieldErrors, readBooking, splitPlace } from "./booking-values";
import { HoldField } from "./hold-field";
import { MomentField } from "./moment-field";
import { creditsWords } from "./money-words";
import { offerBody } from "./offer-body";
import type { AskedTime } from "./offer-words";
import { OptionFields } from "./option-fields";
import { isOwn } from "./own-events";
import { PlaceField } from "./place-field";
import { PricePanel } from "./price-panel";
import type { Booking } from "./use-booking";
import type { World } from "./use-booking-world";
import { type QuoteInput, useQuote } from "./use-quote";
import { JoinWaitlistButton } from "./waitlist/join-button";
import { fieldsAt, momentOf } from "./wall-fields";
import { ZoneField } from "./zone-field";

const LENGTHS = [
  { hours: 8, word: "8 h" },
  { hours: 24, word: "1 day" },
  { hours: 72, word: "3 days" },
  { hours: 168, word: "7 days" },
];
const HOUR_MS = 3_600_000;

/** The fields that are folded away at first. */
const FOLDED = ["title", "config", "environment", "webhook_url", "webhook_secret"] as const;

export type BookingFormProps = {
  world: World;
  form: UseFormReturn<BookingValues>;
  booking: Booking;
  zone: string;
  onZone: (zone: string) => void;
  /** Why nothing can be booked at all; the form can still be used to see prices. */
  blocked: string | undefined;
  onDone: (reservation: Reservation) => void;
  /** Fills the form with an offer. */
  onAdjust: (offer: Offer) => void;
  /** A choice of the ways to book, over the form. */
  ways: ReactNode;
};

/** Books at a time that is known, with its price and whether it is free while it is typed. */
export function BookingForm({ world, form, booking, zone, onZone, blocked, onDone, onAdjust, ways }: BookingFormProps) {
  const { project } = useProject();
  const { control, register, handleSubmit, setValue, formState } = form;
  const values = useWatch({ control }) as BookingValues;
  const minute = useMinute();
  const reading = useMemo(
    () => readBooking(values, { zone, ...world, now: new Date(minute) }),
    [values, zone, world, minute],
  );
  const { body, asked } = reading;
  // A URL that is half typed changes nothing of the price.
  const priced = useMemo(
    () => readBooking({ ...values, ...NO_REQUEST_WEBHOOK }, { zone, ...world, now: new Date(minute) }).body,
    [values, zone, world, minute],
  );
  // Without the plan the API prices nothing; the local price is shown all the same.
  const quote = useQuote(project.id, priced === null || project.plan !== "premium" ? null : quoteInput(priced));
  const [taking, setTaking] = useState<Offer | null>(null);
  const [moreOpen, setMoreOpen] = useState(false);

  const refused: BookingErrors = {};
  placeFieldErrors(refused, fieldErrors(booking.refusal?.error ?? quote.error), zone);
  const errors: BookingErrors = { ...refused, ...reading.errors };
  const isTried = formState.submitCount > 0;
  if (!isTried && values.place === "" && formState.touchedFields.place === undefined) delete errors.place;
  if (!isTried && formState.touchedFields.webhook_url === undefined) delete errors.webhook_url;
  if (!isTried && formState.touchedFields.webhook_secret === undefined) delete errors.webhook_secret;
  const isFoldedAway = !moreOpen && FOLDED.some((name) => errors[name] !== undefined);
  useLayoutEffect(() => {
    if (!isFoldedAway) return;
    setMoreOpen(true);
    focusFirst();
  }, [isFoldedAway]);
  const localPrice =
    asked === null || reading.pool === null || reading.errors.gpu_count !== undefined
      ? null
      : localPriceOf(asked, reading.pool.price_micros_per_gpu_hour, world, minute);
  const price = quote.quote?.price ?? localPrice;
  const hasRunOut = quote.quote !== undefined && quote.leftMs === 0;

  // Beside a field the refusal may be out of sight.
  const placedAttempt = isPlaced(booking, refused) ? booking.refusal?.attempt : undefined;
  useEffect(() => {
    if (placedAttempt !== undefined) focusFirst();
  }, [placedAttempt]);

  const send = async (wanted: CreateReservationInput) => {
    const made = await booking.book(wanted);
    if (made !== null) onDone(made);
    return made;
  };
  const submit = handleSubmit(async () => {
    if (body === null || blocked !== undefined || hasRunOut) return;
    const made = await send({ ...body, ...(quote.quote === undefined ? {} : { quote_id: quote.quote.id }) });
    // Of a price that no longer stands a new one is asked for at once.
    if (made === null) quote.renew();
  }, focusFirst);
  const take = async (offer: Offer) => {
    setTaking(offer);
    await send(offerBody(offer, values));
    setTaking(null);
  };
  const typed = JSON.stringify(values);
  const clear = useEffectEvent(booking.clear);
  // A refusal is about what was typed when the button was pressed.
  useEffect(() => {
    if (typed !== "") clear();
  }, [typed]);
  const first = useRef<HTMLDivElement>(null);
  // Else the focus would start on the cross.
  useEffect(() => first.current?.querySelector<HTMLElement>("button, input")?.focus(), []);
  const startsAt = momentOf(values.start, zone);
  return (
    <form
      // Events of dialogs that open from here come through as well.
      onSubmit={(event) => void (isOwn(event) && submit(event))}
      className="contents"
      noValidate
    >
      <DialogBody>
        {ways}
        <div className="grid items-start gap-x-6 gap-y-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <div ref={first} className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem]">
              <Controller
                control={control}
                name="place"
                render={({ field }) => (
                  <PlaceField
                    pools={world.pools}
                    types={world.types}
                    value={field.value}
                    onChange={field.onChange}
                    onBlur={field.onBlur}
                    error={errors.place}
                  />
                )}
              />
              <Field label="GPUs" error={errors.gpu_count} required>
                <Input
                  {...register("gpu_count")}
                  type="number"
                  inputMode="numeric"
                  min={1}
                  max={BOOKING_LIMITS.gpus}
                  step={1}
                />
              </Field>
            </div>
            <ZoneField zone={zone} onZone={onZone} at={startsAt ?? minute} />
            <div className="grid gap-4 sm:grid-cols-2">
              <Controller
                control={control}
                name="start"
                render={({ field }) => <MomentField label="Start" zone={zone} error={errors.start} {...field} />}
              />
              <Controller
                control={control}
                name="end"
                render={({ field }) => <MomentField label="End" zone={zone} error={errors.end} {...field} />}
              />
            </div>
            <fieldset className="flex flex-wrap items-center gap-1.5">
              <legend className="sr-only">Length from the start</legend>
              <span aria-hidden="true" className="text-ink-muted text-xs">
                Length
              </span>
              {LENGTHS.map(({ hours, word }) => (
                <Button
                  key={hours}
                  size="sm"
                  disabled={startsAt === null}
                  aria-label={`End ${word} after the start`}
                  onClick={() => {
                    if (startsAt === null) return;
                    setValue("end", fieldsAt(startsAt + hours * HOUR_MS, zone));
                  }}
                >
                  {word}
                </Button>
              ))}
            </fieldset>
            <Fieldset legend="Options" hideLegend error={errors.topology}>
              <Controller
                control={control}
                name="topology"
                render={({ field }) => (
                  <CheckboxField
                    label="All on one machine"
                    description="Fast links between the GPUs; harder to find room for."
                    checked={field.value === "single_node"}
                    onCheckedChange={(checked) => field.onChange(checked === true ? "single_node" : "any")}
                    onBlur={field.onBlur}
                  />
                )}
              />
              <HoldField form={form} minutes={world.policy.hold_minutes} />
            </Fieldset>
          </div>
          <PricePanel localPrice={localPrice} quote={quote} zone={zone} />
        </div>
        <BookingRefusal
          refusal={isPlaced(booking, refused) ? null : booking.refusal}
          quote={quote}
          asked={asked === null ? null : { ...asked, totalMicros: price?.total_micros }}
          zone={zone}
          verb={values.hold ? "Hold" : "Book"}
          taking={taking}
          onTake={(offer) => void take(offer)}
          onAdjust={onAdjust}
          disabled={blocked !== undefined || (booking.isBooking && taking === null)}
          actions={
            asked === null ? undefined : <JoinWaitlistButton criteria={waitFor(asked, values)} zone={zone} size="sm" />
          }
        />
        <Disclosure
          open={moreOpen}
          onOpenChange={setMoreOpen}
          title="Title, configuration and more"
          description="What it is for, what boots on it, and a webhook of its own."
        >
          <OptionFields control={control} register={register} errors={errors} />
        </Disclosure>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        {hasRunOut ? (
          <Button variant="primary" onClick={quote.renew} loading={quote.isAsking}>
            Renew the price
          </Button>
        ) : (
          <GuardedButton
            type="submit"
            variant="primary"
            blocked={blocked}
            loading={booking.isBooking && taking === null}
          >
            {values.hold ? `Hold for ${minutesInWords(world.policy.hold_minutes)}` : bookWords(price?.total_micros)}
          </GuardedButton>
        )}
      </DialogFooter>
    </form>
  );
}

/** The same for the waiting list: these GPUs within these times. */
function waitFor({ poolId, gpuCount, startsAt, endsAt, topology }: AskedTime, { place }: BookingValues) {
  const [kind, id] = splitPlace(place);
  return {
    ...(poolId !== undefined && { pool_ids: [poolId] }),
    ...(kind === "type" && { gpu_type: id }),
    gpu_count: gpuCount,
    duration_minutes: Math.round((endsAt - startsAt) / 60_000),
    not_before: new Date(startsAt).toISOString(),
    finish_by: new Date(endsAt).toISOString(),
    topology,
  };
}

function bookWords(total: number | undefined): string {
  return total === undefined ? "Book" : `Book for ${creditsWords(total)}`;
}

function quoteInput(body: CreateReservationInput): QuoteInput {
  const { pool_id, gpu_type, gpu_count = 1, starts_at = "", ends_at = "", topology } = body;
  return { ...(pool_id === undefined ? { gpu_type } : { pool_id }), gpu_count, starts_at, ends_at, topology };
}

function localPriceOf(
  { startsAt, endsAt, gpuCount }: { startsAt: number; endsAt: number; gpuCount: number },
  rateMicros: number,
  { policy }: World,
  now: number,
) {
  const segment = {
    starts_at: new Date(startsAt).toISOString(),
    ends_at: new Date(endsAt).toISOString(),
    gpu_count: gpuCount,
  };
  try {
    return priceOf({ segments: [segment], rateMicros, policy, bookedAt: new Date(now) });
  } catch (error) {
    // More than can be counted: the rules say so beside the field.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Whether all that a refusal said stands beside fields. */
function isPlaced({ refusal }: Booking, placed: BookingErrors): boolean {
  const named = fieldErrors(refusal?.error);
  return named.length > 0 && Object.keys(placed).length >= new Set(named.map(({ field }) => field)).size;
}

/** The first field that is wrong takes the focus, those included that the form's library cannot focus. */
function focusFirst() {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('[role="dialog"] [aria-invalid="true"]');
    field?.focus();
    // What is wrong stands under it.
    field?.scrollIntoView({ block: "center" });
  });
}
