"use client";
import { Check } from "lucide-react";
import { DropdownMenu as RadixMenu } from "radix-ui";
import type { ComponentPropsWithRef } from "react";
import { cn } from "./cn";
import { menuItemClass, menuPanelClass } from "./menu-styles";

type RootProps = Omit<ComponentPropsWithRef<typeof RadixMenu.Root>, "ref">;

/**
 * A menu of actions. Not modal: the page behind stays scrollable and is not hidden from screen readers while it is open.
 */
export function DropdownMenu(props: RootProps) {
  return <RadixMenu.Root modal={false} {...props} />;
}

/** Use with `asChild` around a Button. */
export const DropdownMenuTrigger = RadixMenu.Trigger;

export const DropdownMenuRadioGroup = RadixMenu.RadioGroup;

export function DropdownMenuContent({
  className,
  align = "end",
  sideOffset = 4,
  ...props
}: ComponentPropsWithRef<typeof RadixMenu.Content>) {
  return (
    <RadixMenu.Portal>
      <RadixMenu.Content
        align={align}
        sideOffset={sideOffset}
        collisionPadding={8}
        {...props}
        className={cn(
          menuPanelClass,
          "max-h-(--radix-dropdown-menu-content-available-height) max-w-[calc(100vw-1rem)]",
          className,
        )}
      />
    </RadixMenu.Portal>
  );
}

type ItemProps = ComponentPropsWithRef<typeof RadixMenu.Item> & { tone?: "danger" | undefined };

/** With `asChild` around a Link the entry is a real link. */
export function DropdownMenuItem({ tone, className, ...props }: ItemProps) {
  return (
    <RadixMenu.Item
      {...props}
      className={cn(
        menuItemClass,
        tone === "danger" && "text-danger data-[highlighted]:bg-danger-soft [&>svg]:text-danger",
        className,
      )}
    />
  );
}

export function DropdownMenuCheckboxItem({
  className,
  children,
  ...props
}: ComponentPropsWithRef<typeof RadixMenu.CheckboxItem>) {
  return (
    <RadixMenu.CheckboxItem {...props} className={cn(menuItemClass, "pr-8", className)}>
      {children}
      <Mark />
    </RadixMenu.CheckboxItem>
  );
}

export function DropdownMenuRadioItem({
  className,
  children,
  ...props
}: ComponentPropsWithRef<typeof RadixMenu.RadioItem>) {
  return (
    <RadixMenu.RadioItem {...props} className={cn(menuItemClass, "pr-8", className)}>
      {children}
      <Mark />
    </RadixMenu.RadioItem>
  );
}

export function DropdownMenuLabel({ className, ...props }: ComponentPropsWithRef<typeof RadixMenu.Label>) {
  return (
    <RadixMenu.Label {...props} className={cn("px-2 pt-1.5 pb-1 font-medium text-ink-muted text-xs", className)} />
  );
}

export function DropdownMenuSeparator({ className, ...props }: ComponentPropsWithRef<typeof RadixMenu.Separator>) {
  return <RadixMenu.Separator {...props} className={cn("-mx-1 my-1 h-px bg-line", className)} />;
}

function Mark() {
  return (
    <RadixMenu.ItemIndicator className="absolute right-2 flex">
      <Check aria-hidden="true" className="text-accent" />
    </RadixMenu.ItemIndicator>
  );
}
