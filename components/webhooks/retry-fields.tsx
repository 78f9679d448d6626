"use client";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import type { WebhookFormValues } from "@/components/webhooks/form-schema";
import { parseDelays, previewRetries, scheduleOf } from "@/components/webhooks/retry-text";

/** What happens after a failed attempt, with the consequence spelled out. */
export function RetryFields({ readOnly }: { readOnly: boolean }) {
  const { control, register, formState } = useFormContext<WebhookFormValues>();
  const [mode, delays] = useWatch({ control, name: ["retry_mode", "delays"] });
  return (
    <Fieldset legend="Retries" hint={preview(mode, delays)}>
      <Controller
        control={control}
        name="retry_mode"
        render={({ field }) => (
          <RadioGroup
            value={field.value}
            onValueChange={field.onChange}
            onBlur={field.onBlur}
            disabled={readOnly}
            className="grid gap-2 md:grid-cols-3"
          >
            <RadioItem card value="quick" label="Quick" description="3 retries within seconds." />
            <RadioItem card value="standard" label="Standard" description="9 retries over about 3 days." />
            <RadioItem card value="own" label="My own list" description="Up to 20 waits, in seconds." />
          </RadioGroup>
        )}
      />
      {mode === "own" ? (
        <Field
          label="Seconds to wait before each retry"
          hint="Separated by commas. Leave it empty for a single attempt."
          error={formState.errors.delays?.message}
          className="max-w-xl"
        >
          <Input
            {...register("delays")}
            readOnly={readOnly}
            mono
            inputMode="numeric"
            placeholder="5, 30, 120"
            autoComplete="off"
          />
        </Field>
      ) : null}
    </Fieldset>
  );
}

/** Null while the list is not one yet: its own field says what is wrong. */
function preview(mode: WebhookFormValues["retry_mode"], delays: string): string | null {
  if (mode !== "own") return previewRetries(scheduleOf({ preset: mode }));
  const parsed = parseDelays(delays);
  return "error" in parsed ? null : previewRetries({ delays_s: parsed.delays_s, jitter: 0 });
}
