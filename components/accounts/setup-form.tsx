"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { CheckboxField } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Progress } from "@/components/ui/progress";
import { setUpBody } from "@/lib/contracts/accounts";
import { useSetUpMutation } from "@/store/accounts-api";
import { type ApiError, isApiError } from "@/store/api-error";
import { FormAlert, FormError } from "./form-alert";
import { PasswordField } from "./password-field";
import { placeErrors } from "./place-errors";
import { signInWithPassword } from "./sign-in";

const FIELDS = ["name", "email", "password", "project_name", "demo"] as const;

type Refusal = { attempt: number } & (
  | { kind: "failed"; error: ApiError | undefined }
  /** Somebody else was quicker. */
  | { kind: "taken" }
  /** The account exists, but this browser is not signed in to it. */
  | { kind: "not_signed_in"; message: string }
);

/**
 * Creates the owner's account and the first project, then signs in.
 * @param demoIsSet demo data is loaded whatever is chosen here
 */
export function SetupForm({ demoIsSet }: { demoIsSet: boolean }) {
  const [setUp] = useSetUpMutation();
  const [step, setStep] = useState<"idle" | "creating" | "signing_in">("idle");
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { control, register, handleSubmit, setError, watch, formState } = useForm({
    resolver: zodResolver(setUpBody),
    defaultValues: { name: "", email: "", password: "", project_name: "", demo: demoIsSet },
    mode: "onTouched",
  });
  const { errors } = formState;
  const withDemo = watch("demo") === true;

  const submit = handleSubmit(async (body) => {
    const attempt = (refusal?.attempt ?? 0) + 1;
    setRefusal(null);
    setStep("creating");
    const { error } = await setUp({ body });
    const isTaken = isApiError(error) && error.problem?.code === "already_set_up";
    if (error && !isTaken) {
      setStep("idle");
      if (!placeErrors({ error, fields: FIELDS, setError })) {
        setRefusal({ attempt, kind: "failed", error: isApiError(error) ? error : undefined });
      }
      return;
    }
    // Set up already, perhaps by this very form: its answer may have been lost, or the demo data failed after the
    // account was made. The password tells.
    setStep("signing_in");
    const message = await signInWithPassword({ email: body.email, password: body.password });
    if (message === null) {
      window.location.replace("/app");
      return;
    }
    setStep("idle");
    setRefusal(isTaken ? { attempt, kind: "taken" } : { attempt, kind: "not_signed_in", message });
  });

  if (refusal?.kind === "taken") return <Taken />;
  return (
    <form method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
      {refusal === null ? null : <SetupRefusal key={refusal.attempt} refusal={refusal} />}
      <Field label="Your name" error={errors.name?.message} required>
        <Input {...register("name")} autoComplete="name" maxLength={100} />
      </Field>
      <Field label="E-mail" error={errors.email?.message} required>
        <Input {...register("email")} type="email" inputMode="email" autoComplete="username" autoCapitalize="none" />
      </Field>
      <PasswordField {...register("password")} purpose="new" error={errors.password?.message} />
      <Field
        label="Project"
        hint="What belongs together: its webhooks, events, API keys and members. You can rename it and add more."
        error={errors.project_name?.message}
        required
      >
        <Input {...register("project_name")} autoComplete="off" maxLength={100} />
      </Field>
      <Controller
        control={control}
        name="demo"
        render={({ field }) => (
          <CheckboxField
            ref={field.ref}
            checked={field.value === true}
            onCheckedChange={(checked) => field.onChange(checked === true)}
            onBlur={field.onBlur}
            disabled={demoIsSet}
            label="Load demo data"
            description={
              demoIsSet
                ? "DUMONT_DEMO asks for it, so it is loaded in any case."
                : "A few webhooks that point at the built-in test receiver, and a week of events and deliveries with every outcome. Nothing is sent anywhere."
            }
          />
        )}
      />
      <Button type="submit" variant="primary" loading={step !== "idle"} className="mt-1 w-full">
        Create account and project
      </Button>
      <div role="status" className="flex flex-col gap-2 text-ink-muted text-xs empty:hidden">
        {step === "idle" ? null : (
          <>
            <Progress label="Setting up" />
            {stepWords(step, withDemo)}
          </>
        )}
      </div>
    </form>
  );
}

function stepWords(step: "creating" | "signing_in", withDemo: boolean): string {
  if (step === "signing_in") return "Done. Signing you in…";
  return withDemo
    ? "Creating the account and loading a week of demo data. This takes some seconds…"
    : "Creating the account and the project…";
}

function SetupRefusal({ refusal }: { refusal: Exclude<Refusal, { kind: "taken" }> }) {
  if (refusal.kind === "failed") return <FormError error={refusal.error} />;
  return (
    <FormAlert title="The account is made, but signing in failed" actions={<ToLogin />}>
      {refusal.message}
    </FormAlert>
  );
}

function Taken() {
  return (
    <FormAlert title="Somebody else has set this up meanwhile" actions={<ToLogin />}>
      This installation has an owner now, and nothing of what you entered was used. Sign in if you have an account by
      now, or ask the owner for an invitation.
    </FormAlert>
  );
}

function ToLogin() {
  return (
    <Button asChild size="sm">
      <Link href="/login">Go to sign-in</Link>
    </Button>
  );
}
