"use client";
import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useFormContext, useFormState, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Fieldset } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { isMasked, type WebhookFormValues } from "@/components/webhooks/form-schema";

type NameValueRowsProps = {
  field: "headers" | "labels";
  legend: string;
  hint: string;
  namePlaceholder: string;
  valuePlaceholder: string;
  addLabel: string;
  /** What one row is: "header", "label". */
  noun: string;
  readOnly: boolean;
};

/** Names with values, any number of them. A masked value stands for a stored one and is kept unless it is replaced. */
export function NameValueRows({
  field,
  legend,
  hint,
  namePlaceholder,
  valuePlaceholder,
  addLabel,
  noun,
  readOnly,
}: NameValueRowsProps) {
  const { control, register } = useFormContext<WebhookFormValues>();
  const { fields, append, remove } = useFieldArray({ control, name: field });
  const values = useWatch({ control, name: field });
  const { errors } = useFormState({ control, name: field });
  const listError = errors[field]?.root?.message ?? errors[field]?.message;
  return (
    <Fieldset legend={legend} hint={hint} error={listError}>
      {fields.map((row, index) => {
        const masked = isMasked(values[index]?.value ?? "");
        const rowErrors = errors[field]?.[index];
        const problem = rowErrors?.name?.message ?? rowErrors?.value?.message;
        const problemId = `${row.id}-problem`;
        const described = problem === undefined ? {} : { "aria-invalid": true, "aria-describedby": problemId };
        return (
          <div key={row.id} className="max-sm:pb-2">
            <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
              <Input
                {...register(`${field}.${index}.name`)}
                {...described}
                aria-label={`Name of ${noun} ${index + 1}`}
                placeholder={namePlaceholder}
                autoComplete="off"
                spellCheck={false}
                mono
                // Renamed, the stored value could not be found again.
                readOnly={readOnly || masked}
                title={masked && !readOnly ? "Replace the value to change the name" : undefined}
              />
              <Input
                {...register(`${field}.${index}.value`)}
                aria-label={`Value of ${noun} ${index + 1}`}
                placeholder={valuePlaceholder}
                autoComplete="off"
                spellCheck={false}
                mono
                readOnly={readOnly}
                onFocus={(event) => masked && event.target.select()}
                suffix={masked && !readOnly ? <span className="pr-2 text-xs">kept</span> : undefined}
                className="max-sm:order-last max-sm:col-span-2"
              />
              {readOnly ? null : (
                <IconButton
                  label={`Remove ${noun} ${values[index]?.name || index + 1}`}
                  icon={<Trash2 aria-hidden="true" />}
                  onClick={() => remove(index)}
                />
              )}
            </div>
            {problem === undefined ? null : (
              <p id={problemId} role="alert" className="mt-1 text-danger text-xs">
                {problem}
              </p>
            )}
          </div>
        );
      })}
      {readOnly ? (
        fields.length === 0 && <p className="text-ink-muted text-sm">None</p>
      ) : (
        <div>
          <Button size="sm" onClick={() => append({ name: "", value: "" })}>
            <Plus aria-hidden="true" />
            {addLabel}
          </Button>
        </div>
      )}
    </Fieldset>
  );
}
