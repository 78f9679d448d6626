"use client";
import { Search } from "lucide-react";
import type { RefObject } from "react";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { usePausedText } from "@/components/ui/use-paused-text";

export type SearchFieldProps = {
  value: string;
  onChange: (text: string) => void;
  field: RefObject<HTMLInputElement | null>;
  className: string;
};

export function SearchField({ value, onChange, field, className }: SearchFieldProps) {
  const { text, setText } = usePausedText(value, onChange);
  return (
    <Input
      ref={field}
      type="search"
      aria-label="Search by delivery, event, webhook or correlation id"
      aria-keyshortcuts="/"
      placeholder="Search ids"
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      prefix={<Search aria-hidden="true" />}
      suffix={text === "" ? <Kbd className="mr-1.5 max-md:hidden">/</Kbd> : undefined}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onChange(text.trim());
        if (event.key !== "Escape") return;
        // Out of the field first; the next Escape closes what is open.
        event.stopPropagation();
        event.currentTarget.blur();
      }}
      className={className}
    />
  );
}
