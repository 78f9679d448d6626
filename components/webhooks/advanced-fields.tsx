"use client";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import type { WebhookFormValues } from "@/components/webhooks/form-schema";
import { LimitFields } from "@/components/webhooks/limit-fields";
import { NameValueRows } from "@/components/webhooks/name-value-rows";

/** The form's fields that stand here: the section opens when one of them is wrong. */
export const ADVANCED_FIELDS: readonly (keyof WebhookFormValues)[] = [
  "ordering",
  "order_key",
  "max_in_flight",
  "rate_limit",
  "headers",
];

/** Whether any of it is in use, so that nothing that matters is hidden. */
export function usesAdvanced({ ordering, headers, max_in_flight, rate_limit }: WebhookFormValues): boolean {
  return ordering === "strict" || headers.length > 0 || max_in_flight !== "" || rate_limit !== "";
}

export function AdvancedFields({ readOnly }: { readOnly: boolean }) {
  return (
    <div className="flex flex-col gap-6">
      <OrderingFields readOnly={readOnly} />
      <LimitFields readOnly={readOnly} />
      <NameValueRows
        field="headers"
        readOnly={readOnly}
        legend="Custom headers"
        hint="Sent with every delivery. Dumont's own headers cannot be replaced; values of credentials are shown masked."
        namePlaceholder="X-Team"
        valuePlaceholder="value"
        addLabel="Add header"
        noun="header"
      />
    </div>
  );
}

function OrderingFields({ readOnly }: { readOnly: boolean }) {
  const { control, register, formState } = useFormContext<WebhookFormValues>();
  const ordering = useWatch({ control, name: "ordering" });
  return (
    <Fieldset legend="Order" error={formState.errors.ordering?.message}>
      <Controller
        control={control}
        name="ordering"
        render={({ field }) => (
          <RadioGroup
            value={field.value}
            onValueChange={field.onChange}
            onBlur={field.onBlur}
            disabled={readOnly}
            className="grid gap-2 md:grid-cols-2"
          >
            <RadioItem
              card
              value="unordered"
              label="Unordered"
              description="Fastest: events are sent at the same time, and a failing one holds up no other."
            />
            <RadioItem
              card
              value="strict"
              label="Strict"
              description="One after the other as they happened: while one is being retried, those behind it wait."
            />
          </RadioGroup>
        )}
      />
      {ordering === "strict" ? (
        <Field
          label="Order key"
          optional
          hint="A path into the event, such as data.instance_id: only events with the same value there wait for one another."
          error={formState.errors.order_key?.message}
          className="max-w-xl"
        >
          <Input
            {...register("order_key")}
            readOnly={readOnly}
            mono
            placeholder="data.instance_id"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      ) : null}
    </Fieldset>
  );
}
