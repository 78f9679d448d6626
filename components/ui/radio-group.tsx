"use client";
import { RadioGroup as RadixRadio } from "radix-ui";
import { type ComponentPropsWithRef, type ReactNode, useId } from "react";
import { cn } from "./cn";

/** A choice of one. Put it in a Fieldset, or give it an `aria-label`. */
export function RadioGroup({ className, ...props }: ComponentPropsWithRef<typeof RadixRadio.Root>) {
  return <RadixRadio.Root {...props} className={cn("flex flex-col gap-2", className)} />;
}

export type RadioItemProps = {
  value: string;
  label: ReactNode;
  description?: ReactNode | undefined;
  disabled?: boolean | undefined;
  /** Draws a frame around the choice, for few choices with explanations. */
  card?: boolean | undefined;
  className?: string | undefined;
};

export function RadioItem({ value, label, description, disabled = false, card = false, className }: RadioItemProps) {
  const id = useId();
  const descriptionId = `${id}-description`;
  return (
    <div
      className={cn(
        "relative flex items-start gap-2.5 pointer-coarse:py-2",
        card &&
          "rounded-lg border border-line bg-surface p-3 transition-colors hover:border-line-strong has-data-[state=checked]:border-accent has-data-[state=checked]:bg-accent-soft",
        disabled && "opacity-60",
        className,
      )}
    >
      <RadixRadio.Item
        id={id}
        value={value}
        disabled={disabled}
        {...(description === undefined ? {} : { "aria-describedby": descriptionId })}
        className={cn(
          "relative z-10 mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface transition-colors hover:border-ink-muted",
          "data-[state=checked]:border-accent-fill data-[state=checked]:bg-accent-fill",
        )}
      >
        <RadixRadio.Indicator className="size-1.5 rounded-full bg-on-fill" />
      </RadixRadio.Item>
      <div className="min-w-0">
        {/* The label's invisible extension makes the whole choice pressable. */}
        <label
          htmlFor={id}
          className={cn("select-none text-ink text-sm after:absolute after:inset-0", card && "font-medium")}
        >
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
