"use client";
import { Search } from "lucide-react";
import { cn } from "./cn";
import { Input } from "./input";
import { usePausedText } from "./use-paused-text";

export type PausedSearchProps = {
  /** What is searched, for screen readers. */
  label: string;
  /** The label, unless given. */
  placeholder?: string | undefined;
  value: string;
  /** Called when typing pauses, and with Enter. */
  onChange: (text: string) => void;
  maxLength?: number | undefined;
  className?: string | undefined;
};

/** A field that searches as one types, without a request for every key. */
export function PausedSearch({
  label,
  placeholder = label,
  value,
  onChange,
  maxLength = 200,
  className,
}: PausedSearchProps) {
  const { text, setText } = usePausedText(value, onChange);
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
      maxLength={maxLength}
      prefix={<Search aria-hidden="true" />}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onChange(text.trim());
      }}
      className={cn("min-w-48 max-w-72 flex-1", className)}
    />
  );
}
