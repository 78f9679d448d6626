"use client";
import { type Control, Controller, type UseFormRegister } from "react-hook-form";
import { CheckboxField } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import type { BookingErrors, BookingValues } from "./booking-values";

export type OptionFieldsProps = {
  control: Control<BookingValues>;
  register: UseFormRegister<BookingValues>;
  errors: BookingErrors;
};

/** What a booking may say beside where and when. */
export function OptionFields({ control, register, errors }: OptionFieldsProps) {
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
      <Field label="Configuration" error={errors.config} hint="Booted on the GPUs at the start." optional>
        <Input {...register("config")} autoComplete="off" spellCheck={false} maxLength={100} mono />
      </Field>
      <Field label="Environment" error={errors.environment} optional>
        <Input {...register("environment")} autoComplete="off" spellCheck={false} maxLength={100} mono />
      </Field>
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
