"use client";
import { Controller, type FieldErrors, type FieldPath, get, useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/field";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { AmountInput } from "./amount-input";

/** What is wrong at a path, whether with the value itself or with a list as a whole. */
export function messageAt(errors: FieldErrors<BookingPolicy>, path: string): string | undefined {
  const error: unknown = get(errors, path);
  if (typeof error !== "object" || error === null) return undefined;
  if ("message" in error && typeof error.message === "string") return error.message;
  return "root" in error && typeof error.root === "object" && error.root !== null && "message" in error.root
    ? String(error.root.message)
    : undefined;
}

type AmountFieldProps = {
  name: Extract<FieldPath<BookingPolicy>, `${string}_bps` | `${string}_micros` | `${string}.bps`>;
  label: string;
  decimals: number;
  hideLabel?: boolean;
};

/** Credits or per cent, typed with decimals. */
export function AmountField({ name, label, decimals, hideLabel }: AmountFieldProps) {
  const { control, formState } = useFormContext<BookingPolicy>();
  const message = messageAt(formState.errors, name);
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <Field
          label={label}
          hideLabel={hideLabel}
          error={
            message !== undefined && Number.isNaN(field.value)
              ? `Enter a number with at most ${decimals} decimals`
              : message
          }
          required
        >
          <AmountInput {...field} value={field.value} decimals={decimals} />
        </Field>
      )}
    />
  );
}
