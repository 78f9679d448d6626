"use client";
import { useEffect, useEffectEvent, useState } from "react";

const PAUSE_MS = 300;

/** The text of a field whose value is taken over when the typing pauses, so that not every letter asks the server. */
export function usePausedText(value: string, onChange: (text: string) => void) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // The value changed elsewhere: it was cleared, or the browser went back.
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
  return { text, setText };
}
