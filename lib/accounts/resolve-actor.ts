import type { Actor, Principal } from "@/lib/accounts/actor";
import { noSuchProject } from "@/lib/accounts/projects";
import { ROLE_PERMISSIONS, roleSchema } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";

/**
 * What the principal may do in the project that a request names. "default" is an API key's own project, and a
 * person's first.
 * @throws AppError "not_found" for a project that the principal does not belong to, as for one that does not exist.
 */
export async function resolveActor(principal: Principal, projectIdParam: string): Promise<Actor> {
  if (principal.kind === "api_key") {
    if (projectIdParam !== "default" && projectIdParam !== principal.projectId) throw noSuchProject();
    return {
      projectId: principal.projectId,
      subject: { kind: "api_key", id: principal.keyId },
      role: null,
      permissions: new Set(principal.scopes.filter((scope) => scope !== "admin")),
    };
  }
  const membership = await db.member.findFirst({
    where: { userId: principal.userId, ...(projectIdParam === "default" ? {} : { projectId: projectIdParam }) },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  if (!membership) throw noSuchProject();
  const role = roleSchema.parse(membership.role);
  return {
    projectId: membership.projectId,
    subject: { kind: "user", id: principal.userId },
    role,
    permissions: new Set(ROLE_PERMISSIONS[role]),
  };
}
