import type { ChangeKind, ReservationChange } from "@/lib/contracts/reservations";

/** What happened, in a word or two. */
export const CHANGE_WORDS: Readonly<Record<ChangeKind, string>> = {
  created: "Made",
  confirmed: "Confirmed",
  moved: "Moved",
  extended: "Extended",
  shrunk: "Made smaller",
  released: "Part given back",
  edited: "Edited",
  repacked: "Moved to other GPUs",
  failed_over: "Moved after a failure",
  cancelled: "Cancelled",
  expired: "Expired",
  started: "Started",
  ended: "Ended",
};

/** What the reader may ask themselves about it; null where the facts say it all. */
export function changeNote({ kind, reason }: Pick<ReservationChange, "kind" | "reason">): string | null {
  if (kind === "repacked" && !reason?.includes("its own failed")) {
    return "It was moved to like GPUs of the same pool, so that another booking found room. Times, number and price are as they were; it is never moved once it has started.";
  }
  return reason === null || reason === "" ? null : reason;
}
