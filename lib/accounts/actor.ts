import type { Permission, Role, Scope } from "@/lib/contracts/permissions";
import { AppError } from "@/lib/errors";

/** Who sent a request, before any project is considered. */
export type Principal =
  | { kind: "user"; userId: string; email: string; isAdmin: boolean }
  | { kind: "api_key"; keyId: string; projectId: string; scopes: readonly Scope[] };

/**
 * Who acts in which project with which permissions. Every service takes one as its first argument and is thereby
 * scoped to the project; only lib/accounts makes them from a principal.
 */
export type Actor = {
  projectId: string;
  subject: { kind: "user" | "api_key" | "system"; id: string };
  /** null for API keys and the system. */
  role: Role | null;
  permissions: ReadonlySet<Permission>;
};

/** @throws AppError "forbidden" when the actor lacks the permission. */
export function authorise(actor: Actor, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  const who = actor.subject.kind === "api_key" ? "This API key lacks the scope" : "Your role lacks the permission";
  throw new AppError("forbidden", `${who} "${permission}".`);
}
