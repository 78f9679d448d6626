"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";

export const RANGES = ["1h", "24h", "7d", "30d"] as const;
export type Range = (typeof RANGES)[number];

/** What a range is called, its length in hours, and after how many ms it is read again. */
export const RANGE_INFO: Readonly<Record<Range, { label: string; words: string; hours: number; pollMs: number }>> = {
  "1h": { label: "1 h", words: "hour", hours: 1, pollMs: 10_000 },
  "24h": { label: "24 h", words: "24 hours", hours: 24, pollMs: 30_000 },
  "7d": { label: "7 d", words: "7 days", hours: 7 * 24, pollMs: 120_000 },
  "30d": { label: "30 d", words: "30 days", hours: 30 * 24, pollMs: 300_000 },
};

const parser = parseAsStringLiteral(RANGES).withDefault("24h").withOptions({ history: "push" });

/** The range on screen, which stands in the URL. */
export function useRange(): [Range, (range: Range) => void] {
  const [range, setRange] = useQueryState("range", parser);
  return [range, (next) => void setRange(next)];
}
