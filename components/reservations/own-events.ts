import type { SyntheticEvent } from "react";

/** Whether an event happened inside the element, not in a dialog that was opened from it: React lets those through. */
export function isOwn({ currentTarget, target }: SyntheticEvent): boolean {
  return target instanceof Node && currentTarget instanceof Node && currentTarget.contains(target);
}
