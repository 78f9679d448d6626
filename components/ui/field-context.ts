"use client";
import { createContext, useContext } from "react";

/** What a Field tells the control inside it. */
export type FieldControl = {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
};

export const FieldContext = createContext<FieldControl | null>(null);

type AriaProps = {
  id?: string | undefined;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | "true" | "false" | "grammar" | "spelling" | undefined;
  "aria-required"?: boolean | "true" | "false" | undefined;
};

/**
 * The attributes that tie a control to the label, hint and error of the Field around it. What the control was given
 * itself wins; outside a Field it is all there is.
 */
export function useFieldControl<P extends AriaProps>(own: P): P {
  const field = useContext(FieldContext);
  if (field === null) return own;
  const describedBy = [field.describedBy, own["aria-describedby"]].filter(Boolean).join(" ");
  return {
    ...own,
    id: own.id ?? field.id,
    ...(describedBy === "" ? {} : { "aria-describedby": describedBy }),
    ...(field.invalid ? { "aria-invalid": own["aria-invalid"] ?? true } : {}),
    ...(field.required ? { "aria-required": own["aria-required"] ?? true } : {}),
  };
}
