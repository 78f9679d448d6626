import type { Member } from "@/lib/contracts/accounts";
import { ROLES, type Role } from "@/lib/contracts/permissions";

/** What the rules need to know of the person at the screen. */
export type Self = { userId: string; role: Role | null; mayManage: boolean };

type Ranked = Pick<Member, "user_id" | "role">;
type Question = { member: Ranked; members: readonly Ranked[]; self: Self };

const NOT_MANAGER = "Only owners and admins manage members.";
const OWNERS_ONLY = "Only owners change or remove owners.";
const LAST_OWNER = "The only owner of the project. Make somebody else an owner first.";

/** The roles that a person may give: nobody gives more than they have, and only owners make owners. */
export function grantableRoles({ role, mayManage }: Pick<Self, "role" | "mayManage">): readonly Role[] {
  if (!mayManage) return [];
  return role === "owner" ? ROLES : ROLES.filter((granted) => granted !== "owner");
}

/** Why the role of this member cannot be changed; undefined when it can. The server decides the same. */
export function roleBlock({ member, members, self }: Question): string | undefined {
  if (!self.mayManage) return NOT_MANAGER;
  if (!grantableRoles(self).includes(member.role)) return OWNERS_ONLY;
  return isLastOwner(member, members) ? LAST_OWNER : undefined;
}

/** Why this member cannot be removed, or cannot leave; undefined when they can. Everybody else may leave. */
export function removeBlock({ member, members, self }: Question): string | undefined {
  if (member.user_id !== self.userId) {
    if (!self.mayManage) return NOT_MANAGER;
    if (!grantableRoles(self).includes(member.role)) return OWNERS_ONLY;
  }
  return isLastOwner(member, members) ? LAST_OWNER : undefined;
}

function isLastOwner(member: Ranked, members: readonly Ranked[]): boolean {
  return member.role === "owner" && members.filter(({ role }) => role === "owner").length === 1;
}
