"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import type { ReactNode } from "react";
import { type FieldPath, FormProvider, useForm, useFormContext } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useRefusal } from "@/components/accounts/use-refusal";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Timestamp } from "@/components/ui/timestamp";
import { toast } from "@/components/ui/toast";
import { type BookingPolicy, bookingPolicySchema, type StoredBookingPolicy } from "@/lib/contracts/booking-policy";
import { useUpdateBookingPolicyMutation } from "@/store/fleet-api";
import { LadderTable } from "./ladder-table";
import { AmountField, messageAt } from "./policy-fields";

const FIELDS: readonly FieldPath<BookingPolicy>[] = [
  "discount.by_duration",
  "discount.by_lead_time",
  "discount.floor_bps",
  "discount.cap_bps",
  "refund.by_notice",
  "refund.grace_days",
  "hold_minutes",
  "quote_minutes",
  "offer_minutes",
  "sla.multiplier_bps",
  "sla.credit_days",
  "sla.healing_hours",
  "plan.monthly_micros",
  "plan.rollover_bps",
  "plan.rollover_cap_micros",
  "plan.rollover_days",
];

/** Edits the policy that it was opened with; a newer one is refused, so that nobody undoes what they have not seen. */
export function PolicyForm({
  policy: { version, updated_at, updated_by: _by, ...policy },
}: {
  policy: StoredBookingPolicy;
}) {
  const [update] = useUpdateBookingPolicyMutation();
  const form = useForm<BookingPolicy>({
    resolver: zodResolver(bookingPolicySchema),
    defaultValues: policy,
    mode: "onTouched",
  });
  const { isSubmitting, isDirty } = form.formState;
  const { refusal, clear, refuse } = useRefusal(FIELDS, form.setError);
  const submit = form.handleSubmit(async (body) => {
    clear();
    const { data, error } = await update({ body: { ...body, version } });
    if (data) {
      toast.success("The booking rules were saved", { description: "Bookings that exist keep their price." });
      return;
    }
    refuse(error);
  });
  return (
    <FormProvider {...form}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-6" aria-label="Booking rules">
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Card>
          <CardHeader
            title="Discount for reserving"
            description="What a reservation costs less than the pool's price. Duration and lead time add up, between the least and the most."
          />
          <CardBody className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
            <LadderTable
              name="discount.by_duration"
              label="By duration"
              hoursLabel="From hours of duration"
              rateLabel="Discount"
              description="The step with the most hours that are reached counts."
            />
            <LadderTable
              name="discount.by_lead_time"
              label="By lead time"
              hoursLabel="From hours before the start"
              rateLabel="Discount"
              description="Added to it, by the time from booking to start."
            />
            <AmountField name="discount.floor_bps" label="Least discount, in %" decimals={2} />
            <AmountField name="discount.cap_bps" label="Most discount, in %" decimals={2} />
          </CardBody>
        </Card>
        <Card>
          <CardHeader
            title="Refund"
            description="What comes back of a part that is given back. Applies to existing bookings as well, at once."
          />
          <CardBody className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
            <LadderTable
              name="refund.by_notice"
              label="By notice"
              hoursLabel="From hours before it begins"
              rateLabel="Refund"
              description="Below the first step nothing comes back."
            />
            <WholeNumber
              name="refund.grace_days"
              label="Days that refunded credits last"
              hint="Where the grant that they came from has run out."
            />
          </CardBody>
        </Card>
        <Card>
          <CardHeader title="Times" description="How long things wait for somebody." />
          <CardBody className="grid items-start gap-x-8 gap-y-4 sm:grid-cols-3">
            <WholeNumber name="hold_minutes" label="Minutes that a hold lasts" hint="Then its GPUs are free again." />
            <WholeNumber name="quote_minutes" label="Minutes that a price stands" />
            <WholeNumber name="offer_minutes" label="Minutes that an offer lasts" hint="Of the waiting list." />
          </CardBody>
        </Card>
        <Card>
          <CardHeader
            title="Failures"
            description="What a booking gets for the minutes in which GPUs that failed were missing, at once and without a claim."
          />
          <CardBody className="grid items-start gap-x-8 gap-y-4 sm:grid-cols-3">
            <AmountField name="sla.multiplier_bps" label="Credit, in % of the price paid" decimals={2} />
            <WholeNumber name="sla.credit_days" label="Days that the credit lasts" />
            <WholeNumber
              name="sla.healing_hours"
              label="Hours until a repair is expected"
              hint="Bookings on failed GPUs that begin within them move away; later ones wait."
            />
          </CardBody>
        </Card>
        <Card>
          <CardHeader
            title="Credits of the premium plan"
            description="Granted on the first of each month, UTC. What is left of the month before rolls over in part."
          />
          <CardBody className="grid items-start gap-x-8 gap-y-4 sm:grid-cols-2">
            <AmountField name="plan.monthly_micros" label="Credits per month" decimals={6} />
            <AmountField name="plan.rollover_bps" label="Share that rolls over, in %" decimals={2} />
            <AmountField name="plan.rollover_cap_micros" label="At most, in credits" decimals={6} />
            <WholeNumber name="plan.rollover_days" label="Days that it then lasts" hint="It never rolls over again." />
          </CardBody>
          <CardFooter>
            <p className="text-ink-muted text-xs">
              {updated_at === null ? (
                "These are the defaults: nobody has changed them."
              ) : (
                <>
                  Version {version}, saved <Timestamp value={updated_at} date="always" />
                </>
              )}
            </p>
            <span className="flex gap-2">
              <Button onClick={() => form.reset()} disabled={!isDirty || isSubmitting}>
                Undo changes
              </Button>
              <Button type="submit" variant="primary" loading={isSubmitting} disabled={!isDirty}>
                Save
              </Button>
            </span>
          </CardFooter>
        </Card>
      </form>
    </FormProvider>
  );
}

type NumberProps = {
  name: Extract<FieldPath<BookingPolicy>, `${string}_minutes` | `${string}_days` | "sla.healing_hours">;
  label: string;
  hint?: ReactNode;
};

function WholeNumber({ name, label, hint }: NumberProps) {
  const { register, formState } = useFormContext<BookingPolicy>();
  return (
    <Field label={label} hint={hint} error={messageAt(formState.errors, name)} required>
      <Input {...register(name, { valueAsNumber: true })} inputMode="numeric" autoComplete="off" />
    </Field>
  );
}
