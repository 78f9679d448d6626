"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { type ReactNode, useEffect, useState } from "react";
import { Controller, type FieldErrors, FormProvider, useForm } from "react-hook-form";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { CheckboxField } from "@/components/ui/checkbox";
import { Disclosure } from "@/components/ui/disclosure";
import { ADVANCED_FIELDS, AdvancedFields, usesAdvanced } from "@/components/webhooks/advanced-fields";
import { BasicFields } from "@/components/webhooks/basic-fields";
import { FILTER_FIELDS, FilterFields, usesFilter } from "@/components/webhooks/filter-fields";
import { fieldOf, type WebhookFormValues, webhookFormSchema } from "@/components/webhooks/form-schema";
import { RetryFields } from "@/components/webhooks/retry-fields";
import { SecretFields } from "@/components/webhooks/secret-fields";
import { type ApiError, describeError, fieldErrors } from "@/store/api-error";

/** What the server said: a refusal, or what is now stored (which can differ from what was sent: credentials are masked). */
type SubmitOutcome = { error: ApiError } | { saved: WebhookFormValues };

export type WebhookFormProps = {
  /** New values from elsewhere replace those that were not touched here. */
  values: WebhookFormValues;
  /** A new webhook chooses its secret and whether it starts enabled; later both have actions of their own. */
  mode: "create" | "edit";
  submitLabel: string;
  /** Why nothing can be changed; the form is then only for reading. */
  blocked?: string | undefined;
  /** Beside the submit button: the way out. */
  secondary?: ReactNode | undefined;
  onSubmit: (values: WebhookFormValues) => Promise<SubmitOutcome>;
};

/** The form of a webhook: basics first, the rest under "Filter" and "Advanced". Refusals of the server stand beside their fields. */
export function WebhookForm({ values, mode, submitLabel, blocked, secondary, onSubmit }: WebhookFormProps) {
  const form = useForm<WebhookFormValues>({
    resolver: zodResolver(webhookFormSchema),
    defaultValues: values,
    values,
    resetOptions: { keepDirtyValues: true },
    mode: "onTouched",
    shouldFocusError: false,
  });
  const { isDirty, isSubmitting } = form.formState;
  const [filter, setFilter] = useState(() => usesFilter(values));
  const [advanced, setAdvanced] = useState(() => usesAdvanced(values));
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [refusals, setRefusals] = useState(0);
  const [saved, setSaved] = useState(false);
  const readOnly = blocked !== undefined;
  useLeaveWarning(isDirty && !readOnly);

  const showErrors = (names: string[]) => {
    if (includesAny(names, FILTER_FIELDS)) setFilter(true);
    if (includesAny(names, ADVANCED_FIELDS)) setAdvanced(true);
    setRefusals((count) => count + 1);
  };
  // Once the errors are drawn and their section is open: what is hidden cannot take the focus.
  useEffect(() => {
    if (refusals > 0) document.querySelector<HTMLElement>("form [aria-invalid=true]")?.focus();
  }, [refusals]);
  const submit = form.handleSubmit(
    async (submitted) => {
      setRefusal(null);
      setSaved(false);
      const outcome = await onSubmit(submitted);
      if ("saved" in outcome) {
        form.reset(outcome.saved, { keepDirtyValues: false });
        setSaved(true);
        return;
      }
      const placed = fieldErrors(outcome.error).flatMap(({ field, message }) => {
        const name = fieldOf({ field }, submitted);
        if (name === null) return [];
        form.setError(name, { type: "server", message });
        return [name];
      });
      setRefusal(outcome.error);
      showErrors(placed);
    },
    (errors: FieldErrors<WebhookFormValues>) => showErrors(Object.keys(errors)),
  );

  return (
    <FormProvider {...form}>
      <form onSubmit={submit} noValidate>
        <Card>
          <CardBody
            // What gets the focus must not stop behind the bar at the bottom.
            className="flex flex-col gap-6 sm:p-6 [&_:is(button,input,textarea,[role=treeitem])]:scroll-mb-20"
          >
            {refusal ? <Refusal error={refusal} /> : null}
            <BasicFields readOnly={readOnly} />
            <Disclosure
              open={filter}
              onOpenChange={setFilter}
              title="Filter"
              description="Only some of these events: by application, environment, labels and payload, with a dry run"
              className="border-line border-y py-5"
            >
              <FilterFields readOnly={readOnly} open={filter} />
            </Disclosure>
            {mode === "create" ? <SecretFields /> : null}
            <RetryFields readOnly={readOnly} />
            <Disclosure
              open={advanced}
              onOpenChange={setAdvanced}
              title="Advanced"
              description="Order of delivery, limits, custom headers"
              className="border-line border-t pt-5"
            >
              <AdvancedFields readOnly={readOnly} />
            </Disclosure>
            {mode === "create" ? (
              <Controller
                control={form.control}
                name="enabled"
                render={({ field }) => (
                  <CheckboxField
                    ref={field.ref}
                    checked={field.value}
                    onCheckedChange={(checked) => field.onChange(checked === true)}
                    onBlur={field.onBlur}
                    label="Enabled"
                    description="Events reach it from the moment it is created."
                    className="border-line border-t pt-5"
                  />
                )}
              />
            ) : null}
          </CardBody>
          <CardFooter className="sticky bottom-0 z-10 sm:px-6">
            {/* Not a toast: that would lie over this very bar. */}
            <p role="status">
              {readOnly ? blocked : mode === "create" ? "" : isDirty ? "Unsaved changes" : saved ? "Webhook saved" : ""}
            </p>
            {readOnly ? null : (
              <div className="flex flex-wrap items-center gap-2">
                {secondary}
                {mode === "edit" ? (
                  <Button onClick={() => form.reset(values, { keepDirtyValues: false })} disabled={!isDirty}>
                    Discard changes
                  </Button>
                ) : null}
                <Button
                  type="submit"
                  variant="primary"
                  loading={isSubmitting}
                  disabled={mode === "edit" && !isDirty && !isSubmitting}
                >
                  {submitLabel}
                </Button>
              </div>
            )}
          </CardFooter>
        </Card>
      </form>
    </FormProvider>
  );
}

function Refusal({ error }: { error: ApiError }) {
  const { title, detail, requestId } = describeError(error);
  return (
    <Alert tone="danger" title={title} live>
      {detail}
      {requestId === null ? null : <span className="block text-xs">Request {requestId}</span>}
    </Alert>
  );
}

/** Whether a field, or a row of one, is among those of a section. */
function includesAny(names: readonly string[], fields: readonly string[]): boolean {
  return names.some((name) => fields.some((field) => name === field || name.startsWith(`${field}.`)));
}

/** Asks before the tab is closed or reloaded over unsaved changes. */
function useLeaveWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
}
