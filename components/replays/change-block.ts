import type { Permission } from "@/lib/contracts/permissions";

/** Why the reader cannot start or steer replays; undefined when they can. The server decides the same. */
export function changeBlock(can: (permission: Permission) => boolean): string | undefined {
  return can("deliveries:retry") ? undefined : "Your role can look at replays but not start or change them.";
}
