import { type Actor, authorise, type Principal } from "@/lib/accounts/actor";
import type { Project as ProjectView } from "@/lib/contracts/accounts";
import { type Permission, ROLE_PERMISSIONS, type Role, roleSchema } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import type { Project } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { newReceiverToken } from "@/lib/receiver/service";

type Plan = ProjectView["plan"];
type Person = Extract<Principal, { kind: "user" }>;

/** The only way to make a project: with its first owner and its test receiver. */
export async function createProject(
  tx: Tx,
  { name, plan, ownerId }: { name: string; plan: Plan; ownerId: string },
): Promise<Project> {
  return tx.project.create({
    data: {
      id: newId("project"),
      name,
      plan,
      members: { create: { id: newId("member"), userId: ownerId, role: "owner" satisfies Role } },
      receiver: { create: { token: newReceiverToken() } },
    },
  });
}

/** A further project of a signed-in person, who becomes its owner. */
export async function addProject(person: Person, { name }: { name: string }): Promise<ProjectView> {
  const project = await transaction((tx) => createProject(tx, { name, plan: "free", ownerId: person.userId }));
  return presentProject(project, { role: "owner", permissions: ROLE_PERMISSIONS.owner });
}

/** The projects of a person, in the order in which they joined them. */
export async function listProjects(userId: string): Promise<ProjectView[]> {
  const memberships = await db.member.findMany({
    where: { userId },
    include: { project: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return memberships.map(({ project, role: stored }) => {
    const role = roleSchema.parse(stored);
    return presentProject(project, { role, permissions: ROLE_PERMISSIONS[role] });
  });
}

export async function getProject(actor: Actor): Promise<ProjectView> {
  authorise(actor, "project:read");
  const project = await db.project.findUnique({ where: { id: actor.projectId } });
  if (!project) throw noSuchProject();
  return presentProject(project, { role: actor.role, permissions: [...actor.permissions] });
}

export async function renameProject(actor: Actor, { name }: { name: string }): Promise<ProjectView> {
  authorise(actor, "project:manage");
  const project = await db.project.update({ where: { id: actor.projectId }, data: { name } });
  return presentProject(project, { role: actor.role, permissions: [...actor.permissions] });
}

/**
 * Holds the project until the transaction ends, so that changes of members and invitations happen one after another
 * and may rely on what they read. Rows that merely refer to the project can still be inserted meanwhile.
 */
export async function lockProject(tx: Tx, projectId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM project WHERE id = ${projectId} FOR NO KEY UPDATE`;
}

/** The same answer for a project of others as for one that never was: nobody learns which ids exist. */
export function noSuchProject(): AppError {
  return new AppError("not_found", "There is no such project, or you have no access to it.");
}

function presentProject(
  project: Project,
  { role, permissions }: { role: Role | null; permissions: readonly Permission[] },
): ProjectView {
  return {
    id: project.id,
    name: project.name,
    plan: project.plan === "premium" ? "premium" : "free",
    role,
    permissions: [...permissions],
    created_at: project.createdAt.toISOString(),
  };
}
