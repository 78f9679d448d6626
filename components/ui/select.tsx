"use client";
import { Check, ChevronDown } from "lucide-react";
import { Select as RadixSelect } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field-context";
import { controlClass } from "./input";

export type SelectOption = {
  value: string;
  label: string;
  description?: string | undefined;
  icon?: ReactNode | undefined;
  disabled?: boolean | undefined;
};
export type SelectGroup = { label: string; options: readonly SelectOption[] };

export type SelectProps = {
  options: readonly (SelectOption | SelectGroup)[];
  /** The chosen value; "" means nothing is chosen yet. */
  value: string;
  onValueChange: (value: string) => void;
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
  /** Makes the value part of a form's data. */
  name?: string | undefined;
  size?: "sm" | "md" | undefined;
  id?: string | undefined;
  onBlur?: (() => void) | undefined;
  "aria-label"?: string | undefined;
  "aria-describedby"?: string | undefined;
  className?: string | undefined;
};

/** One of a list of choices. Inside a Field it is labelled by it; elsewhere give it an `aria-label`. */
export function Select({
  options,
  value,
  onValueChange,
  placeholder,
  disabled = false,
  name,
  size = "md",
  className,
  ...own
}: SelectProps) {
  const trigger = useFieldControl(own);
  return (
    <RadixSelect.Root
      value={value}
      onValueChange={onValueChange}
      disabled={disabled}
      {...(name === undefined ? {} : { name })}
    >
      <RadixSelect.Trigger
        {...trigger}
        className={cn(
          controlClass,
          "flex items-center justify-between gap-2 text-left data-[placeholder]:text-ink-faint",
          size === "sm" ? "h-7 text-xs pointer-coarse:h-10" : "h-8 pointer-coarse:h-11",
          className,
        )}
      >
        <span className="min-w-0 truncate">
          <RadixSelect.Value placeholder={placeholder} />
        </span>
        <RadixSelect.Icon>
          <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
        </RadixSelect.Icon>
      </RadixSelect.Trigger>
      <RadixSelect.Portal>
        <RadixSelect.Content
          position="popper"
          sideOffset={4}
          className={cn(
            "z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-[min(28rem,calc(100vw-1rem))]",
            "overflow-hidden rounded-lg bg-surface-raised text-ink shadow-pop data-[state=open]:animate-pop-in",
          )}
        >
          <RadixSelect.Viewport className="p-1">
            {options.map((entry) =>
              "options" in entry ? (
                <RadixSelect.Group key={entry.label}>
                  <RadixSelect.Label className="px-2 pt-2 pb-1 font-medium text-ink-muted text-xs">
                    {entry.label}
                  </RadixSelect.Label>
                  {entry.options.map((option) => (
                    <Item key={option.value} option={option} />
                  ))}
                </RadixSelect.Group>
              ) : (
                <Item key={entry.value} option={entry} />
              ),
            )}
          </RadixSelect.Viewport>
        </RadixSelect.Content>
      </RadixSelect.Portal>
    </RadixSelect.Root>
  );
}

function Item({ option }: { option: SelectOption }) {
  return (
    <RadixSelect.Item
      value={option.value}
      textValue={option.label}
      disabled={option.disabled ?? false}
      className={cn(
        "flex cursor-default select-none items-start gap-2 rounded-md py-1.5 pr-2 pl-2 text-sm outline-none pointer-coarse:py-3",
        "data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0",
      )}
    >
      {option.icon === undefined ? null : <span className="mt-0.5 text-ink-muted">{option.icon}</span>}
      <span className="min-w-0 flex-1">
        <RadixSelect.ItemText>{option.label}</RadixSelect.ItemText>
        {option.description === undefined ? null : (
          <span className="block text-ink-muted text-xs">{option.description}</span>
        )}
      </span>
      <span className="mt-0.5 flex w-4">
        <RadixSelect.ItemIndicator>
          <Check aria-hidden="true" className="text-accent" />
        </RadixSelect.ItemIndicator>
      </span>
    </RadixSelect.Item>
  );
}
