import { PROCESSOR_LIMITS } from "@/lib/contracts/processors";

/** Whether one of the patterns covers an artifact's type: the type itself, "group.*" for what lies below, or "*". */
export function wantsType(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === "*" || pattern === type || (pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1))),
  );
}

/** Milliseconds before the attempt after the one that failed, counted from 1; null when it is given up. */
export function retryInMs(attempt: number): number | null {
  const seconds = PROCESSOR_LIMITS.retryDelaysS[attempt - 1];
  return seconds === undefined ? null : seconds * 1000;
}
