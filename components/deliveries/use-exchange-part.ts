"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";

const PARTS = ["response", "request", "compare"] as const;
export type ExchangePart = (typeof PARTS)[number];

/**
 * Which part of the attempts is shown. One choice for all of them and for the next delivery too, so that going through
 * a list compares like with like; in the URL, so that a link shows the same.
 */
export function useExchangePart(): [ExchangePart, (part: string) => void] {
  const [part, setPart] = useQueryState("part", parseAsStringLiteral(PARTS).withDefault("response"));
  return [part, (value) => void setPart(PARTS.find((known) => known === value) ?? null)];
}
