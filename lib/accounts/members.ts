import { type Actor, authorise } from "@/lib/accounts/actor";
import { requireMayGrant, requireOtherOwner } from "@/lib/accounts/policy";
import { lockProject } from "@/lib/accounts/projects";
import type { Member as MemberView } from "@/lib/contracts/accounts";
import { type Role, roleSchema } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { notFound } from "@/lib/errors";
import type { Member, User } from "@/lib/generated/prisma/client";

/** In the order in which they joined. */
export async function listMembers(actor: Actor): Promise<MemberView[]> {
  authorise(actor, "project:read");
  const members = await db.member.findMany({
    where: { projectId: actor.projectId },
    include: { user: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return members.map(presentMember);
}

/** @throws AppError "not_found", "forbidden" (see requireMayGrant), or "conflict" for the last owner. */
export async function changeRole(
  actor: Actor,
  { memberId, role }: { memberId: string; role: Role },
): Promise<MemberView> {
  authorise(actor, "members:manage");
  return transaction(async (tx) => {
    const { member, ownerIds, standing } = await readLocked(tx, actor, memberId);
    requireMayGrant(standing, member.role);
    requireMayGrant(standing, role);
    if (role !== "owner") requireOtherOwner(ownerIds, memberId);
    return presentMember(
      await tx.member.update({
        where: { id: memberId, projectId: actor.projectId },
        data: { role },
        include: { user: true },
      }),
    );
  });
}

/**
 * Removes a member together with the open invitations they sent, whose links they know. Everybody may remove
 * themselves, that is leave.
 * @throws AppError "not_found", "forbidden" (see requireMayGrant), or "conflict" for the last owner.
 */
export async function removeMember(actor: Actor, memberId: string): Promise<void> {
  authorise(actor, "project:read");
  await transaction(async (tx) => {
    const { member, ownerIds, standing } = await readLocked(tx, actor, memberId);
    const leaves = actor.subject.kind === "user" && actor.subject.id === member.userId;
    if (!leaves) {
      authorise(actor, "members:manage");
      requireMayGrant(standing, member.role);
    }
    requireOtherOwner(ownerIds, memberId);
    await tx.member.delete({ where: { id: memberId, projectId: actor.projectId } });
    await tx.invitation.deleteMany({
      where: { projectId: actor.projectId, invitedById: member.userId, acceptedAt: null },
    });
  });
}

/**
 * Reads the member and the owners under the project's lock: of two owners who remove each other at once, the second
 * finds itself the last, and no longer an owner if it was the one removed.
 */
async function readLocked(tx: Tx, actor: Actor, memberId: string) {
  await lockProject(tx, actor.projectId);
  const found = await tx.member.findFirst({ where: { id: memberId, projectId: actor.projectId } });
  if (!found) throw notFound("member");
  const owners = await tx.member.findMany({ where: { projectId: actor.projectId, role: "owner" satisfies Role } });
  const stillOwner = owners.some((owner) => owner.userId === actor.subject.id);
  return {
    member: { userId: found.userId, role: roleSchema.parse(found.role) },
    ownerIds: owners.map((owner) => owner.id),
    standing: { permissions: actor.permissions, role: actor.role === "owner" && !stillOwner ? null : actor.role },
  };
}

function presentMember(member: Member & { user: User }): MemberView {
  return {
    id: member.id,
    user_id: member.userId,
    email: member.user.email,
    name: member.user.name,
    role: roleSchema.parse(member.role),
    last_login_at: member.user.lastLoginAt?.toISOString() ?? null,
    created_at: member.createdAt.toISOString(),
  };
}
