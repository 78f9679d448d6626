"use client";
import { type Control, Controller, type UseFormRegister, useWatch } from "react-hook-form";
import { CheckboxField } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RequestWebhookFields } from "@/components/workflows/request-webhook-fields";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import type { BookingErrors, BookingValues } from "./booking-values";
import { BootFields } from "./boot-fields";

export type OptionFieldsProps = {
  control: Control<BookingValues>;
  register: UseFormRegister<BookingValues>;
  errors: BookingErrors;
  webhookHint?: string | undefined;
};

/** What a booking may say beside where and when. */
export function OptionFields({
  control,
  register,
  errors,
  webhookHint = "Gets every event of this booking, in order, up to its end; beside the project's webhooks.",
}: OptionFieldsProps) {
  const [config, environment] = useWatch({ control, name: ["config", "environment"] });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Title"
        error={errors.title}
        hint="What it is for; shown to your project only."
        optional
        className="sm:col-span-2"
      >
        <Input {...register("title")} autoComplete="off" maxLength={BOOKING_LIMITS.titleLength} />
      </Field>
      <BootFields values={{ config, environment }} errors={errors} register={register} />
      <RequestWebhookFields
        url={register("webhook_url")}
        secret={register("webhook_secret")}
        errors={errors}
        hint={webhookHint}
      />
      <Controller
        control={control}
        name="pinned"
        render={({ field }) => (
          <CheckboxField
            label="Keep the very GPUs it gets at first"
            description="Otherwise it may move to like ones of the pool before it starts, to make room for others."
            checked={field.value}
            onCheckedChange={(checked) => field.onChange(checked === true)}
            onBlur={field.onBlur}
            className="sm:col-span-2"
          />
        )}
      />
      <Controller
        control={control}
        name="snapshot_at_end"
        render={({ field }) => (
          <CheckboxField
            label="Take a snapshot before the end"
            description="Of each of its instances, in its last ten minutes."
            checked={field.value}
            onCheckedChange={(checked) => field.onChange(checked === true)}
            onBlur={field.onBlur}
            className="sm:col-span-2"
          />
        )}
      />
    </div>
  );
}
