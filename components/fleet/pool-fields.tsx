"use client";
import { type Control, Controller, type FieldErrors, type UseFormRegister, useWatch } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SwitchField } from "@/components/ui/switch";
import { FLEET_LIMITS } from "@/lib/contracts/fleet";
import { AmountInput } from "./amount-input";
import type { ChangedPoolValues } from "./pool-form";
import { ProviderFields } from "./provider-fields";
import { minutesWords } from "./words";

/** The form of a new pool has all the fields of the other, and more. */
export type PoolFieldsProps = {
  register: UseFormRegister<ChangedPoolValues>;
  control: Control<ChangedPoolValues>;
  errors: FieldErrors<ChangedPoolValues>;
};

const GRID = FLEET_LIMITS.granularities.map((minutes) => ({ value: String(minutes), label: minutesWords(minutes) }));

/** Name and place, and who runs the machines. */
export function PlaceFields({ register, control, errors }: PoolFieldsProps) {
  return (
    <>
      <Field label="Name" error={errors.name?.message} required className="sm:col-span-2">
        <Input {...register("name")} autoComplete="off" />
      </Field>
      <Field label="Region" hint="Where it stands, such as eu-central." error={errors.region?.message} required>
        <Input {...register("region")} autoComplete="off" />
      </Field>
      <Field label="Provider" hint="Who runs the machines." error={errors.provider?.message} required>
        <Input {...register("provider")} autoComplete="off" />
      </Field>
      <ProviderFields control={control} errors={errors} />
    </>
  );
}

/** Price, times and counts: what bookings in the pool keep to. */
export function RuleFields({ register, control, errors }: PoolFieldsProps) {
  return (
    <>
      <Controller
        control={control}
        name="price_micros_per_gpu_hour"
        render={({ field }) => (
          <Field
            label="Price per GPU and hour, in credits"
            hint="Before the discount for reserving."
            error={
              errors.price_micros_per_gpu_hour && amountError(field.value, errors.price_micros_per_gpu_hour.message)
            }
            required
          >
            <AmountInput {...field} decimals={6} />
          </Field>
        )}
      />
      <Controller
        control={control}
        name="granularity_minutes"
        render={({ field }) => (
          <Field
            label="Grid"
            hint="Bookings start and end on multiples of it, from 00:00 UTC."
            error={errors.granularity_minutes?.message}
          >
            <Select
              options={GRID}
              value={String(field.value)}
              onValueChange={(value) => field.onChange(Number(value))}
              onBlur={field.onBlur}
            />
          </Field>
        )}
      />
      <Minutes label="Shortest booking, in minutes" name="min_duration_minutes" {...{ register, control, errors }} />
      <Minutes label="Longest booking, in minutes" name="max_duration_minutes" {...{ register, control, errors }} />
      <Field
        label="Horizon, in days"
        hint="How far ahead a booking may end."
        error={errors.horizon_days?.message}
        required
      >
        <Input {...register("horizon_days", { valueAsNumber: true })} inputMode="numeric" autoComplete="off" />
      </Field>
      <Field
        label="Failover reserve, in GPUs"
        hint="Never sold, so that a booking whose GPU fails has somewhere to go."
        error={errors.reserve_units?.message}
        required
      >
        <Input {...register("reserve_units", { valueAsNumber: true })} inputMode="numeric" autoComplete="off" />
      </Field>
      <Minutes
        label="Set-up before, in minutes"
        name="buffer_before_minutes"
        hint="Blocks the GPU, is not charged."
        {...{ register, control, errors }}
      />
      <Minutes
        label="Clean-up after, in minutes"
        name="buffer_after_minutes"
        hint="Blocks the GPU, is not charged."
        {...{ register, control, errors }}
      />
      <Minutes
        label="Freeze, in minutes"
        name="freeze_minutes"
        hint="Bookings that start within it are not moved any more."
        {...{ register, control, errors }}
      />
      <Controller
        control={control}
        name="open"
        render={({ field }) => (
          <SwitchField
            className="self-center"
            label="Takes new bookings"
            description="Closed, those it has go on."
            checked={field.value}
            onCheckedChange={field.onChange}
          />
        )}
      />
    </>
  );
}

type MinutesName = {
  [K in keyof ChangedPoolValues]: K extends `${string}_minutes` ? K : never;
}[keyof ChangedPoolValues];

type MinutesProps = PoolFieldsProps & { label: string; name: MinutesName; hint?: string };

function Minutes({ register, control, errors, label, name, hint }: MinutesProps) {
  const words = minutesWords(useWatch({ control, name }));
  return (
    <Field
      label={label}
      hint={hint === undefined ? words : `${hint} Now: ${words}.`}
      error={errors[name]?.message}
      required
    >
      <Input {...register(name, { valueAsNumber: true })} inputMode="numeric" autoComplete="off" />
    </Field>
  );
}

/** Words for what is no amount at all; otherwise what the contract says. */
function amountError(value: number, message: string | undefined): string {
  if (Number.isNaN(value)) return "Enter an amount such as 2.5, with at most 6 decimals";
  return message ?? "";
}
