"use client";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field-context";

/** The frame that text fields and the select trigger share. 16 px on touch screens, where iOS zooms into anything smaller. */
export const controlClass = [
  "w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-ink text-sm shadow-control transition-[border-color] duration-100",
  "hover:border-control disabled:cursor-not-allowed disabled:opacity-60",
  "aria-invalid:border-danger pointer-coarse:text-[1rem]",
].join(" ");

export type InputProps = Omit<ComponentPropsWithRef<"input">, "prefix"> & {
  /** An icon or short text inside the field, before what is typed. */
  prefix?: ReactNode | undefined;
  /** A button or short text inside the field, after what is typed. */
  suffix?: ReactNode | undefined;
  mono?: boolean | undefined;
};

/** A one-line text field; inside a Field it is labelled and described by it. */
export function Input({ prefix, suffix, mono, className, ...own }: InputProps) {
  const props = useFieldControl(own);
  const framed = prefix !== undefined || suffix !== undefined;
  const input = (
    <input
      {...props}
      className={cn(
        controlClass,
        "h-8 read-only:bg-surface-sunken pointer-coarse:h-11",
        mono && "font-mono text-xs",
        prefix !== undefined && "pl-8",
        suffix !== undefined && "pr-9 pointer-coarse:pr-12",
        !framed && className,
      )}
    />
  );
  if (!framed) return input;
  return (
    <div className={cn("relative flex w-full items-center", className)}>
      {prefix === undefined ? null : (
        <span className="pointer-events-none absolute left-2.5 flex text-ink-faint [&_svg]:size-4">{prefix}</span>
      )}
      {input}
      {suffix === undefined ? null : <span className="absolute right-0.5 flex text-ink-muted">{suffix}</span>}
    </div>
  );
}
