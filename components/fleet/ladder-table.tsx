"use client";
import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { AmountField, messageAt } from "./policy-fields";

type LadderTableProps = {
  name: "discount.by_duration" | "discount.by_lead_time" | "refund.by_notice";
  label: string;
  hoursLabel: string;
  rateLabel: string;
  description: string;
};

const MOST_STEPS = 20;

/** A ladder as a table to edit: hours and per cent, one step a row, what is wrong beside the field that is wrong. */
export function LadderTable({ name, label, hoursLabel, rateLabel, description }: LadderTableProps) {
  const { control, register, formState, getValues } = useFormContext<BookingPolicy>();
  const { fields, append, remove } = useFieldArray({ control, name });
  const add = () => {
    const last = getValues(name).at(-1);
    append({ from_hours: last ? last.from_hours + 24 : 0, bps: last?.bps ?? 0 });
  };
  return (
    <Fieldset legend={label} hint={description} error={messageAt(formState.errors, name)}>
      <div className="flex flex-col gap-2 rounded-lg border border-line p-3">
        <div aria-hidden="true" className="grid grid-cols-[1fr_1fr_2rem] gap-2 text-ink-muted text-xs">
          <span>{hoursLabel}</span>
          <span>{rateLabel}, in %</span>
        </div>
        {fields.length === 0 ? <p className="py-1 text-ink-muted text-sm">No steps: 0 % throughout.</p> : null}
        {fields.map((field, index) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset within the fieldset would be announced twice
          <div
            key={field.id}
            role="group"
            aria-label={`${label}, step ${index + 1}`}
            className="grid grid-cols-[1fr_1fr_2rem] items-start gap-2"
          >
            <Field
              label={`${hoursLabel}, step ${index + 1}`}
              hideLabel
              error={messageAt(formState.errors, `${name}.${index}.from_hours`)}
              required
            >
              <Input
                {...register(`${name}.${index}.from_hours`, { valueAsNumber: true })}
                inputMode="numeric"
                autoComplete="off"
              />
            </Field>
            <AmountField
              name={`${name}.${index}.bps`}
              label={`${rateLabel} in %, step ${index + 1}`}
              decimals={2}
              hideLabel
            />
            <Button
              size="icon"
              variant="ghost"
              aria-label={`Remove step ${index + 1} of ${label.toLowerCase()}`}
              onClick={() => remove(index)}
            >
              <Trash2 aria-hidden="true" />
            </Button>
          </div>
        ))}
        <Button size="sm" className="self-start" onClick={add} disabled={fields.length >= MOST_STEPS}>
          <Plus aria-hidden="true" />
          Add step
        </Button>
      </div>
    </Fieldset>
  );
}
