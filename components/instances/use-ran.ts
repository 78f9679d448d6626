"use client";
import { useNow } from "@/components/ui/use-now";
import type { Instance } from "@/lib/contracts/instances";

/**
 * Milliseconds that an instance has run, counted on from the answer by the reader's clock, whose difference from the
 * server's then does not matter.
 * @param answeredAt when the answer came, Unix ms
 */
export function useRanMs(
  { ran_seconds, running_since }: Pick<Instance, "ran_seconds" | "running_since">,
  answeredAt: number | undefined,
): number {
  const now = useNow();
  const told = ran_seconds * 1000;
  if (running_since === null || now === undefined || answeredAt === undefined) return told;
  return told + Math.max(0, now - answeredAt);
}
