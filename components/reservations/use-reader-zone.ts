"use client";
import { useTimeZone } from "@/components/ui/time-zone";

/** The zone in which to enter and show times: the given one, else what the reader chose for the console. */
export function useReaderZone(given?: string | undefined): string {
  const chosen = useTimeZone();
  if (given !== undefined) return given;
  return chosen === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}
