"use client";
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, type InputProps } from "@/components/ui/input";
import { passwordSchema } from "@/lib/contracts/accounts";

type PasswordFieldProps = Omit<InputProps, "type" | "suffix" | "autoComplete"> & {
  label?: string | undefined;
  error?: string | undefined;
  /** A new password comes with its rule; the current one does not, whatever the rule was when it was chosen. */
  purpose: "new" | "current";
};

/** A password that can be looked at while typing it. */
export function PasswordField({ label = "Password", error, purpose, ...input }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field
      label={label}
      error={error}
      hint={purpose === "new" && error === undefined ? `At least ${passwordSchema.minLength} characters.` : undefined}
      required
    >
      <Input
        {...input}
        type={shown ? "text" : "password"}
        autoComplete={purpose === "new" ? "new-password" : "current-password"}
        autoCapitalize="none"
        spellCheck={false}
        suffix={
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Show the password"
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            <Icon aria-hidden="true" />
          </Button>
        }
      />
    </Field>
  );
}
