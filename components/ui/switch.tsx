"use client";
import { Switch as RadixSwitch } from "radix-ui";
import { type ComponentPropsWithRef, type ReactNode, useId } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field-context";

export type SwitchProps = ComponentPropsWithRef<typeof RadixSwitch.Root>;

/** On or off, taking effect at once (a checkbox is for forms that are saved later). */
export function Switch({ className, ...own }: SwitchProps) {
  const props = useFieldControl(own);
  return (
    <RadixSwitch.Root
      {...props}
      // Not by data-state: a tooltip around the switch puts its own state there.
      className={cn(
        "relative inline-flex h-[18px] w-8 shrink-0 items-center rounded-full bg-control px-0.5 transition-colors duration-150",
        "after:absolute after:-inset-2 pointer-coarse:after:-inset-3.5 disabled:cursor-not-allowed disabled:opacity-50 aria-checked:bg-accent-fill",
        className,
      )}
    >
      <RadixSwitch.Thumb className="block size-3.5 rounded-full bg-white shadow-sm transition-transform duration-150 data-[state=checked]:translate-x-3.5" />
    </RadixSwitch.Root>
  );
}

export type SwitchFieldProps = Omit<SwitchProps, "children"> & {
  label: ReactNode;
  description?: ReactNode | undefined;
};

/** A setting: its words on the left, the switch on the right. */
export function SwitchField({ label, description, className, ...props }: SwitchFieldProps) {
  const generated = useId();
  const id = props.id ?? generated;
  const descriptionId = `${id}-description`;
  return (
    <div className={cn("flex items-start justify-between gap-4 pointer-coarse:py-2", className)}>
      <div className="min-w-0">
        <label htmlFor={id} className="select-none font-medium text-ink text-sm">
          {label}
        </label>
        {description === undefined ? null : (
          <p id={descriptionId} className="text-ink-muted text-xs">
            {description}
          </p>
        )}
      </div>
      <Switch
        {...props}
        id={id}
        className="mt-0.5"
        {...(description === undefined ? {} : { "aria-describedby": descriptionId })}
      />
    </div>
  );
}
