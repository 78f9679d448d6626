"use client";
import { FlaskConical } from "lucide-react";
import { Controller, useFormContext } from "react-hook-form";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { EventPicker } from "@/components/webhooks/event-picker";
import type { WebhookFormValues } from "@/components/webhooks/form-schema";
import { WEBHOOK_LIMITS } from "@/lib/contracts/webhooks";
import { describeError } from "@/store/api-error";
import { useGetReceiverQuery } from "@/store/receiver-api";

/** Where events go, what the webhook is called, and which events it gets. */
export function BasicFields({ readOnly }: { readOnly: boolean }) {
  const { register, control, formState } = useFormContext<WebhookFormValues>();
  const { errors } = formState;
  return (
    <>
      <Field
        label="URL"
        required
        hint="Each event is sent here as a POST request with a JSON body."
        error={errors.url?.message}
        aside={readOnly ? undefined : <ReceiverButton />}
      >
        <Input
          {...register("url")}
          readOnly={readOnly}
          type="url"
          inputMode="url"
          mono
          placeholder="https://example.com/webhooks/dumont"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <Field
        label="Description"
        optional
        hint="What the list calls it; without one it is called by its host."
        error={errors.description?.message}
      >
        <Input
          {...register("description")}
          readOnly={readOnly}
          maxLength={WEBHOOK_LIMITS.descriptionLength}
          placeholder="Billing service"
        />
      </Field>
      <Fieldset legend="Events" error={errors.event_types?.message}>
        <Controller
          control={control}
          name="event_types"
          render={({ field, fieldState }) => (
            <EventPicker
              ref={field.ref}
              value={field.value}
              onChange={field.onChange}
              invalid={fieldState.invalid}
              disabled={readOnly}
            />
          )}
        />
      </Fieldset>
    </>
  );
}

/** Fills in the address of the project's own receiver, so that a first delivery needs nothing else. */
function ReceiverButton() {
  const { project, can } = useProject();
  const { setValue } = useFormContext<WebhookFormValues>();
  const receiver = useGetReceiverQuery({ projectId: project.id }, { skip: !can("receiver:read") });
  if (!can("receiver:read")) return null;
  const use = async () => {
    const answer = receiver.data ? receiver : await receiver.refetch();
    if (answer.data) {
      setValue("url", answer.data.url, { shouldDirty: true, shouldValidate: true });
      return;
    }
    const { title, detail, requestId } = describeError(answer.error);
    toast.error(title, { description: detail, requestId: requestId ?? undefined });
  };
  return (
    <Button variant="link" size="sm" onClick={use} loading={receiver.isFetching && !receiver.data}>
      <FlaskConical aria-hidden="true" className="size-3.5!" />
      Use the built-in test receiver
    </Button>
  );
}
