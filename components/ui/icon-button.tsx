"use client";
import type { ReactNode } from "react";
import { Button, type ButtonProps } from "./button";
import { Tooltip, type TooltipProps } from "./tooltip";

export type IconButtonProps = Omit<ButtonProps, "size" | "children" | "aria-label" | "asChild"> & {
  /** The name for screen readers and the tooltip. */
  label: string;
  icon: ReactNode;
  size?: "sm" | "md" | undefined;
  side?: TooltipProps["side"];
};

/** A button with only an icon; its name shows as a tooltip. */
export function IconButton({ label, icon, size = "md", side, variant = "ghost", ...props }: IconButtonProps) {
  return (
    <Tooltip content={label} side={side}>
      <Button {...props} variant={variant} size={size === "sm" ? "icon-sm" : "icon"} aria-label={label}>
        {icon}
      </Button>
    </Tooltip>
  );
}
