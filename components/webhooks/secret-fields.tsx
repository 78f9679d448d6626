"use client";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { Alert } from "@/components/ui/alert";
import { Field, Fieldset } from "@/components/ui/field";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { SecretInput } from "@/components/ui/secret-input";
import type { WebhookFormValues } from "@/components/webhooks/form-schema";
import { SIGNING_WORDS } from "@/components/webhooks/signing-words";
import { SIGNINGS } from "@/lib/contracts/signing";

/** How deliveries of a new webhook are signed. */
export function SecretFields() {
  const { control } = useFormContext<WebhookFormValues>();
  const mode = useWatch({ control, name: "secret_mode" });
  return (
    <Fieldset legend="Signing secret" hint="With it the receiver can tell that a request is from here and unchanged.">
      <Controller
        control={control}
        name="secret_mode"
        render={({ field }) => (
          <RadioGroup
            value={field.value}
            onValueChange={field.onChange}
            onBlur={field.onBlur}
            className="grid gap-2 md:grid-cols-3"
          >
            <RadioItem card value="generated" label="Generate one" description="Random, shown once after creating." />
            <RadioItem
              card
              value="own"
              label="My own"
              description="16 to 256 characters, for a receiver that has one."
            />
            <RadioItem card value="none" label="None" description="Deliveries are not signed." />
          </RadioGroup>
        )}
      />
      {mode === "none" ? null : <SigningChoice />}
      {mode === "own" ? <OwnSecret /> : null}
      {mode === "none" ? (
        <Alert tone="caution" live>
          Anybody who learns the URL can send it forged events, and the receiver cannot tell. A secret can be added
          later with “Generate a secret”.
        </Alert>
      ) : null}
    </Fieldset>
  );
}

/** With a shared secret or with a key pair: a question of its own, whoever makes the secret. */
function SigningChoice() {
  const { control } = useFormContext<WebhookFormValues>();
  return (
    <Controller
      control={control}
      name="signing"
      render={({ field }) => (
        <RadioGroup
          aria-label="How it signs"
          value={field.value}
          onValueChange={field.onChange}
          onBlur={field.onBlur}
          className="grid gap-2 py-1.5 md:grid-cols-2"
        >
          {SIGNINGS.map((signing) => (
            <RadioItem key={signing} value={signing} {...SIGNING_WORDS[signing]} />
          ))}
        </RadioGroup>
      )}
    />
  );
}

function OwnSecret() {
  const { register, formState, control } = useFormContext<WebhookFormValues>();
  const signing = useWatch({ control, name: "signing" });
  return (
    <Field
      label={signing === "ed25519" ? "Your private key" : "Your secret"}
      required
      hint={
        signing === "ed25519"
          ? "whsk_ and the base64 of the 32-byte seed followed by the public key. It is stored encrypted and not shown again."
          : "Visible ASCII characters without spaces. It is stored encrypted and not shown again."
      }
      error={formState.errors.secret?.message}
      className="max-w-xl"
    >
      <SecretInput {...register("secret")} />
    </Field>
  );
}
