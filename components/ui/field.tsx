"use client";
import { CircleAlert } from "lucide-react";
import { type ReactNode, useId, useMemo } from "react";
import { cn } from "./cn";
import { FieldContext } from "./field-context";
import { Label } from "./label";

type FieldProps = {
  label: ReactNode;
  /** What to enter, before anything is wrong. */
  hint?: ReactNode | undefined;
  /** What is wrong and how to mend it; replaces nothing, stands under the control. */
  error?: ReactNode | undefined;
  required?: boolean | undefined;
  /** Says "optional" beside the label; use it where most fields of a form are required. */
  optional?: boolean | undefined;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean | undefined;
  /** Something at the end of the label's line: a link or a counter. */
  aside?: ReactNode | undefined;
  /** The control's id; generated when absent. */
  id?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
};

/** Label, control, hint and error, tied together for assistive technology. The control inside needs no ids of its own. */
export function Field({
  label,
  hint,
  error,
  required = false,
  optional,
  hideLabel,
  aside,
  className,
  children,
  ...given
}: FieldProps) {
  const generated = useId();
  const id = given.id ?? generated;
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const hasHint = isShown(hint);
  const hasError = isShown(error);
  const control = useMemo(() => {
    const describedBy = [hasError ? errorId : "", hasHint ? hintId : ""].filter(Boolean).join(" ");
    return { id, describedBy: describedBy === "" ? undefined : describedBy, invalid: hasError, required };
  }, [id, hasHint, hasError, hintId, errorId, required]);
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <div className={cn("flex items-baseline justify-between gap-3", hideLabel && "sr-only")}>
        <Label htmlFor={id}>
          {label}
          {optional ? <span className="ml-1.5 font-normal text-ink-muted">optional</span> : null}
        </Label>
        {aside === undefined ? null : <div className="text-ink-muted text-xs">{aside}</div>}
      </div>
      <FieldContext value={control}>{children}</FieldContext>
      <FieldNotes hint={hint} hintId={hintId} error={error} errorId={errorId} />
    </div>
  );
}

type FieldsetProps = Pick<FieldProps, "hint" | "error" | "className" | "children"> & {
  legend: ReactNode;
  hideLegend?: boolean | undefined;
};

/** A group of controls (checkboxes, radios, a pair of dates) with one name, hint and error. */
export function Fieldset({ legend, hideLegend, hint, error, className, children }: FieldsetProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [isShown(error) ? errorId : "", isShown(hint) ? hintId : ""].filter(Boolean).join(" ");
  return (
    <fieldset className={cn("min-w-0", className)} aria-describedby={describedBy === "" ? undefined : describedBy}>
      <legend className={cn("mb-1.5 font-medium text-ink text-sm", hideLegend && "sr-only")}>{legend}</legend>
      <div className="flex flex-col gap-1.5">
        {children}
        <FieldNotes hint={hint} hintId={hintId} error={error} errorId={errorId} />
      </div>
    </fieldset>
  );
}

type FieldNotesProps = { hint: ReactNode; hintId: string; error: ReactNode; errorId: string };

function FieldNotes({ hint, hintId, error, errorId }: FieldNotesProps) {
  return (
    <>
      {isShown(hint) ? (
        <p id={hintId} className="text-ink-muted text-xs">
          {hint}
        </p>
      ) : null}
      {isShown(error) ? (
        <p id={errorId} role="alert" className="flex items-start gap-1.5 text-danger text-xs">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0">{error}</span>
        </p>
      ) : null}
    </>
  );
}

function isShown(node: ReactNode): boolean {
  return node !== undefined && node !== null && node !== false && node !== "";
}
