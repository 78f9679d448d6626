import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentPropsWithRef, MouseEvent } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

export const buttonVariants = cva(
  [
    "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium",
    "transition-[background-color,border-color,color,box-shadow] duration-100",
    "disabled:pointer-events-none disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-60",
    "[&_svg]:size-4 [&_svg]:shrink-0",
  ],
  {
    variants: {
      variant: {
        primary: "bg-accent-fill text-on-fill shadow-control hover:bg-accent-fill-hover",
        secondary: "border border-line-strong bg-surface text-ink shadow-control hover:bg-hover",
        ghost: "text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink",
        danger: "bg-danger-fill text-on-fill shadow-control hover:brightness-92",
        link: "h-auto! px-0! text-accent underline-offset-4 hover:text-accent-hover hover:underline",
      },
      size: {
        sm: "h-7 px-2.5 text-xs [&_svg]:size-3.5 pointer-coarse:h-10 pointer-coarse:px-3.5 pointer-coarse:text-sm",
        md: "h-8 px-3 text-sm pointer-coarse:h-11 pointer-coarse:px-4",
        icon: "size-8 pointer-coarse:size-11",
        "icon-sm": "size-7 pointer-coarse:size-10",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export type ButtonProps = ComponentPropsWithRef<"button"> &
  VariantProps<typeof buttonVariants> & {
    /** Renders the single child (a link, for instance) with the button's look; `loading` does not apply then. */
    asChild?: boolean | undefined;
    /** Shows a spinner and ignores presses; unlike `disabled` it keeps the keyboard focus where it is. */
    loading?: boolean | undefined;
  };

/** The one button. `type` is "button" unless given, so that it never submits a form by accident. */
export function Button({
  variant,
  size,
  asChild,
  loading = false,
  className,
  children,
  onClick,
  ...props
}: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} onClick={onClick} {...props}>
        {children}
      </Slot.Root>
    );
  }
  if (!loading) {
    return (
      <button type="button" className={classes} onClick={onClick} {...props}>
        {children}
      </button>
    );
  }
  return (
    <button type="button" {...props} className={classes} aria-disabled="true" aria-busy="true" onClick={swallow}>
      <Spinner className="absolute" />
      <span className="inline-flex items-center gap-1.5 opacity-0">{children}</span>
    </button>
  );
}

/** Also stops the implicit submission by Enter, which browsers send as a click on the submit button. */
function swallow(event: MouseEvent) {
  event.preventDefault();
}
