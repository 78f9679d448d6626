"use client";
import { Controller, type UseFormReturn } from "react-hook-form";
import { CheckboxField } from "@/components/ui/checkbox";
import { minutesInWords } from "@/lib/contracts/booking-rules";
import type { BookingValues } from "./booking-values";

/** Whether it is first held and confirmed later. */
export function HoldField({ form, minutes }: { form: UseFormReturn<BookingValues>; minutes: number }) {
  return (
    <Controller
      control={form.control}
      name="hold"
      render={({ field }) => (
        <CheckboxField
          label="Hold it first"
          description={`Keeps GPUs and credits for ${minutesInWords(minutes)}; then you confirm or let it go.`}
          checked={field.value}
          onCheckedChange={(checked) => field.onChange(checked === true)}
          onBlur={field.onBlur}
        />
      )}
    />
  );
}
