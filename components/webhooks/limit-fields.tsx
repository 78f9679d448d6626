"use client";
import { useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { WebhookFormValues } from "@/components/webhooks/form-schema";
import { WEBHOOK_LIMITS } from "@/lib/contracts/webhooks";

/** How fast the receiver is sent to. What is over a limit waits; nothing is dropped. */
export function LimitFields({ readOnly }: { readOnly: boolean }) {
  const { register, formState } = useFormContext<WebhookFormValues>();
  const { errors } = formState;
  const common = { readOnly, mono: true, inputMode: "numeric", autoComplete: "off" } as const;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field
        label="Requests at once"
        optional
        hint={`1 to ${WEBHOOK_LIMITS.maxInFlight}. What is over it waits. Empty: as the installation sets.`}
        error={errors.max_in_flight?.message}
      >
        <Input {...register("max_in_flight")} {...common} placeholder="4" />
      </Field>
      <Field
        label="Requests per second"
        optional
        hint={`1 to ${WEBHOOK_LIMITS.rateLimit}. What is over it waits. Empty: no limit.`}
        error={errors.rate_limit?.message}
      >
        <Input {...register("rate_limit")} {...common} placeholder="10" />
      </Field>
    </div>
  );
}
