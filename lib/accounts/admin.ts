import type { Actor, Principal } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";

/**
 * Somebody who runs the installation. Services that reach beyond one project take one as their first argument, as the
 * others take an Actor; only this module makes them.
 */
export type Administrator = { subject: { kind: "user" | "api_key"; id: string } };

/** @throws AppError "forbidden" for whoever is not an installation admin, or an API key without the scope "admin". */
export function requireAdministrator(principal: Principal): Administrator {
  if (principal.kind === "api_key") {
    if (!principal.scopes.includes("admin")) {
      throw new AppError("forbidden", 'This API key lacks the scope "admin". An installation admin can create one.');
    }
    return { subject: { kind: "api_key", id: principal.keyId } };
  }
  if (!principal.isAdmin) {
    throw new AppError("forbidden", "This belongs to whoever runs the installation, and your account does not.");
  }
  return { subject: { kind: "user", id: principal.userId } };
}

/** @throws AppError "forbidden" unless the actor is a signed-in installation admin: a key never makes such keys. */
export async function requireAdminPerson(actor: Actor): Promise<void> {
  const person =
    actor.subject.kind === "user"
      ? await db.user.findUnique({ where: { id: actor.subject.id }, select: { isAdmin: true } })
      : null;
  if (person?.isAdmin) return;
  throw new AppError("forbidden", 'Only a signed-in installation admin may give a key the scope "admin".');
}
