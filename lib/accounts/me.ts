import type { Principal } from "@/lib/accounts/actor";
import { listProjects } from "@/lib/accounts/projects";
import type { Me } from "@/lib/contracts/accounts";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";

/** @throws AppError "unauthenticated" when the account was deleted a moment ago. */
export async function getMe(person: Extract<Principal, { kind: "user" }>): Promise<Me> {
  const [user, projects] = await Promise.all([
    db.user.findUnique({ where: { id: person.userId }, select: { id: true, email: true, name: true, isAdmin: true } }),
    listProjects(person.userId),
  ]);
  if (!user) throw new AppError("unauthenticated", "This account no longer exists.");
  const { isAdmin, ...account } = user;
  return { ...account, is_admin: isAdmin, projects };
}
