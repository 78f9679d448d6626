"use client";
import { Field } from "@/components/ui/field";
import { Input, type InputProps } from "@/components/ui/input";
import { SecretInput } from "@/components/ui/secret-input";
import type { RequestWebhookErrors } from "./request-webhook-values";

type Control = Pick<InputProps, "name" | "value" | "onChange" | "onBlur" | "ref">;

export type RequestWebhookFieldsProps = {
  url: Control;
  secret: Control;
  errors: RequestWebhookErrors;
  /** What it gets; that it gets all that follows from this call unless given. */
  hint?: string | undefined;
};

/** The webhook that a call brings along, for itself alone: where to, and what signs it. */
export function RequestWebhookFields({ url, secret, errors, hint }: RequestWebhookFieldsProps) {
  return (
    <>
      <Field
        label="Webhook URL"
        hint={
          hint ?? "Gets every event that follows from this, in order, days later too; beside the project's webhooks."
        }
        optional
        error={errors.webhook_url}
      >
        <Input
          {...url}
          type="url"
          inputMode="url"
          placeholder="https://…"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={2000}
        />
      </Field>
      <Field
        label="Webhook secret"
        hint="Signs what is sent there; 16 to 256 characters. Stored encrypted and not shown again."
        optional
        error={errors.webhook_secret}
      >
        <SecretInput {...secret} />
      </Field>
    </>
  );
}
