"use client";
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import { Input, type InputProps } from "./input";

/** A secret of the reader's own, covered unless they want to see what they type; no password manager fills it in. */
export function SecretInput(props: Omit<InputProps, "type" | "suffix" | "autoComplete" | "spellCheck" | "mono">) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Input
      {...props}
      type={shown ? "text" : "password"}
      autoComplete="new-password"
      spellCheck={false}
      mono
      suffix={
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={shown ? "Hide the secret" : "Show the secret"}
          onClick={() => setShown(!shown)}
        >
          <Icon aria-hidden="true" />
        </Button>
      }
    />
  );
}
