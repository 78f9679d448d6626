"use client";
import { useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { FilterPreviewPanel } from "@/components/webhooks/filter-preview-panel";
import type { WebhookFormValues } from "@/components/webhooks/form-schema";
import { NameValueRows } from "@/components/webhooks/name-value-rows";
import { PayloadField } from "@/components/webhooks/payload-field";

/** The form's fields that stand here: the section opens when one of them is wrong. */
export const FILTER_FIELDS: readonly (keyof WebhookFormValues)[] = [
  "applications",
  "environments",
  "labels",
  "payload",
];

/** Whether any of it is in use, so that nothing that matters is hidden. */
export function usesFilter({ applications, environments, labels, payload }: WebhookFormValues): boolean {
  return applications !== "" || environments !== "" || labels.length > 0 || payload !== "";
}

type FilterFieldsProps = {
  readOnly: boolean;
  /** Whether it can be seen: the dry run rests otherwise. */
  open: boolean;
};

/** Which of the events of these types come, and what that would have meant for the latest ones. */
export function FilterFields({ readOnly, open }: FilterFieldsProps) {
  const { register, formState } = useFormContext<WebhookFormValues>();
  const { errors } = formState;
  return (
    <div className="flex flex-col gap-6">
      <div className="grid gap-4 md:grid-cols-2">
        <Field
          label="Only these applications"
          optional
          hint="Names separated by commas. Empty: any."
          error={errors.applications?.message}
        >
          <Input
            {...register("applications")}
            readOnly={readOnly}
            placeholder="training, inference"
            autoComplete="off"
          />
        </Field>
        <Field
          label="Only these environments"
          optional
          hint="Names separated by commas. Empty: any."
          error={errors.environments?.message}
        >
          <Input {...register("environments")} readOnly={readOnly} placeholder="production" autoComplete="off" />
        </Field>
      </div>
      <NameValueRows
        field="labels"
        readOnly={readOnly}
        legend="Only events with these labels"
        hint="Every label named here must be on the event with this value."
        namePlaceholder="tier"
        valuePlaceholder="gold"
        addLabel="Add label"
        noun="label"
      />
      <PayloadField readOnly={readOnly} />
      <FilterPreviewPanel active={open} />
    </div>
  );
}
