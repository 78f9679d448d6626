"use client";
import { Check, Minus } from "lucide-react";
import { Checkbox as RadixCheckbox } from "radix-ui";
import { type ComponentPropsWithRef, type ReactNode, useId } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field-context";

export type CheckboxProps = ComponentPropsWithRef<typeof RadixCheckbox.Root>;

/** A box that is on, off or (`checked="indeterminate"`) partly on. Give it a label or an `aria-label`. */
export function Checkbox({ className, ...own }: CheckboxProps) {
  const props = useFieldControl(own);
  return (
    <RadixCheckbox.Root
      {...props}
      className={cn(
        "group/check relative inline-flex size-4 align-middle shrink-0 items-center justify-center rounded-[4px] border border-control bg-surface text-on-fill transition-colors duration-100",
        "after:absolute after:-inset-2 pointer-coarse:after:-inset-3.5 hover:border-ink-muted disabled:cursor-not-allowed disabled:opacity-50",
        "data-[state=checked]:border-accent-fill data-[state=indeterminate]:border-accent-fill",
        "data-[state=checked]:bg-accent-fill data-[state=indeterminate]:bg-accent-fill aria-invalid:border-danger",
        className,
      )}
    >
      <RadixCheckbox.Indicator className="flex">
        <Minus
          aria-hidden="true"
          strokeWidth={3}
          className="hidden size-3 group-data-[state=indeterminate]/check:block"
        />
        <Check aria-hidden="true" strokeWidth={3} className="hidden size-3 group-data-[state=checked]/check:block" />
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
}

export type CheckboxFieldProps = Omit<CheckboxProps, "children"> & {
  label: ReactNode;
  description?: ReactNode | undefined;
};

/** A checkbox with its words beside it; the whole line can be pressed. */
export function CheckboxField({ label, description, className, ...props }: CheckboxFieldProps) {
  const generated = useId();
  const id = props.id ?? generated;
  const descriptionId = `${id}-description`;
  return (
    <div className={cn("flex items-start gap-2.5 pointer-coarse:py-2", className)}>
      <Checkbox
        {...props}
        id={id}
        className="mt-0.5"
        {...(description === undefined ? {} : { "aria-describedby": descriptionId })}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="select-none text-ink text-sm">
          {label}
        </label>
        {description === undefined ? null : (
          <p id={descriptionId} className="text-ink-muted text-xs">
            {description}
          </p>
        )}
      </div>
    </div>
  );
}
