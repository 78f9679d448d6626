"use client";
import { Search } from "lucide-react";
import { type RefObject, useEffect, useEffectEvent, useState } from "react";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";

export type SearchFieldProps = {
  value: string;
  onChange: (text: string) => void;
  field: RefObject<HTMLInputElement | null>;
  className: string;
};

const PAUSE_MS = 300;

/** Takes over what is typed when the typing pauses, so that not every letter asks the server. */
export function SearchField({ value, onChange, field, className }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // The filter changed elsewhere: a chip was removed, or the browser went back.
  if (value !== known) {
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }
  const commit = useEffectEvent(() => onChange(text.trim()));
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => commit(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
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
