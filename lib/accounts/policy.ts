import type { Actor } from "@/lib/accounts/actor";
import { ROLE_PERMISSIONS, type Role } from "@/lib/contracts/permissions";
import { AppError } from "@/lib/errors";

/**
 * Nobody gives, changes or takes a role that can do more than they can: only owners deal with owners, and an API key
 * with few scopes cannot let in somebody with many.
 * @throws AppError "forbidden".
 */
export function requireMayGrant(actor: Pick<Actor, "role" | "permissions">, role: Role): void {
  if (role === "owner") {
    if (actor.role !== "owner") throw new AppError("forbidden", "Only owners make, change or remove owners.");
    return;
  }
  const missing = ROLE_PERMISSIONS[role].find((permission) => !actor.permissions.has(permission));
  if (missing !== undefined) {
    throw new AppError("forbidden", `The role "${role}" allows "${missing}", which you may not do yourself.`);
  }
}

/** @throws AppError "conflict" when the change would leave a project without an owner. */
export function requireOtherOwner(ownerIds: readonly string[], memberId: string): void {
  if (ownerIds.length === 1 && ownerIds[0] === memberId) {
    throw new AppError("conflict", "A project needs an owner. Make somebody else an owner first.");
  }
}
