"use client";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { FormAlert } from "./form-alert";
import { OAuthButtons, type Provider } from "./oauth-buttons";
import { PasswordField } from "./password-field";
import { signInWithPassword } from "./sign-in";

export type LoginFormProps = {
  /** Where to go after signing in, a path of this console. */
  returnTo: string;
  providers: readonly Provider[];
  /** What brought the person back to this page. */
  error: string | null;
};

/** E-mail and password, or another provider. */
export function LoginForm({ returnTo, providers, error }: LoginFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [pending, setPending] = useState(false);
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  // Numbered, so that the same refusal twice is announced twice.
  const [refusal, setRefusal] = useState({ message: error, attempt: 0 });

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const email = String(data.get("email")).trim();
    const password = String(data.get("password"));
    setMissing({
      ...(email === "" ? { email: "Enter your e-mail address" } : {}),
      ...(password === "" ? { password: "Enter your password" } : {}),
    });
    const empty = email === "" ? "email" : password === "" ? "password" : null;
    if (empty !== null) {
      form.current?.querySelector<HTMLInputElement>(`[name=${empty}]`)?.focus();
      return;
    }
    setRefusal((last) => ({ ...last, message: null }));
    setPending(true);
    const refused = await signInWithPassword({ email, password });
    if (refused === null) {
      window.location.replace(returnTo);
      return;
    }
    setPending(false);
    setRefusal((last) => ({ message: refused, attempt: last.attempt + 1 }));
  };

  return (
    <div className="flex flex-col gap-5">
      {refusal.message === null ? null : <FormAlert key={refusal.attempt}>{refusal.message}</FormAlert>}
      {/* By POST: a press of Enter before the scripts are there must not put the password into the address. */}
      <form ref={form} method="post" onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label="E-mail" error={missing.email} required>
          <Input name="email" type="email" inputMode="email" autoComplete="username" autoCapitalize="none" />
        </Field>
        <PasswordField name="password" purpose="current" error={missing.password} />
        <Button type="submit" variant="primary" loading={pending} className="mt-1 w-full">
          Sign in
        </Button>
      </form>
      <OAuthButtons providers={providers} returnTo={returnTo} />
    </div>
  );
}
