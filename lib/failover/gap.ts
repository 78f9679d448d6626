import type { Instance as InstanceRow } from "@/lib/generated/prisma/client";

/** For how long GPUs of a reservation were missing: what is credited. Pure, and counted once whatever happens. */

/** The last look at a machine counts as the last time that it ran, if it is no longer ago than this, in ms. */
const LAST_LOOK_MS = 5 * 60_000;

type Ran = Pick<InstanceRow, "status" | "ranMs" | "checkedAt" | "triedAt">;

/** Since when it has not run any more: when it was last seen to. Its GPUs are missing from then on. */
export function lastSeen(instance: Ran | null, now: Date): Date {
  const ran = instance && (instance.status === "running" || (instance.status === "failed" && instance.ranMs > 0n));
  if (!ran || !instance.checkedAt) return now;
  const earliest = (instance.status === "failed" ? (instance.triedAt ?? now) : now).getTime() - LAST_LOOK_MS;
  return new Date(Math.min(now.getTime(), Math.max(earliest, instance.checkedAt.getTime())));
}

/**
 * Whether somebody wanted it to run when its GPUs failed. One that had not begun by then is wound down later like one whose
 * reservation has ended, because these GPUs are not its reservation's any more: nobody asked for that.
 */
export function wasWanted(instance: Pick<InstanceRow, "stopReason"> | null): boolean {
  return instance?.stopReason !== "requested";
}

/** The beginning of the gap of a failover that goes on for others that had not come to an end. */
export function gapStart(seen: Date, unfinished: readonly { failedAt: Date }[]): Date {
  return new Date(Math.min(seen.getTime(), ...unfinished.map(({ failedAt }) => failedAt.getTime())));
}

/**
 * @param failedAt when they were last seen to run @param at when the failover came to its end
 * @param endsAt of the reservation, which has no GPUs to miss after it
 * @returns the end of the gap, never before its beginning
 */
export function gapEnd({ failedAt, at, endsAt }: { failedAt: Date; at: Date; endsAt: Date }): Date {
  return new Date(Math.max(failedAt.getTime(), Math.min(at.getTime(), endsAt.getTime())));
}
