import { describe, expect, it } from "vitest";
import { grantableRoles, removeBlock, roleBlock, type Self } from "@/components/accounts/role-rules";
// biome-ignore lint/style/noRestrictedImports: the point of the test is that these rules are the server's
import { requireMayGrant, requireOtherOwner } from "@/lib/accounts/policy";
import { ROLE_PERMISSIONS, ROLES, type Role } from "@/lib/contracts/permissions";
// biome-ignore lint/style/noRestrictedImports: as above
import { AppError } from "@/lib/errors";

type Person = { user_id: string; role: Role };

const someMembers = ROLES.map((role) => ({ user_id: `usr_${role}`, role }));
const twoOwners: Person[] = [...someMembers, { user_id: "usr_owner2", role: "owner" }];

describe("the screen and the server agree", () => {
  const cases = [someMembers, twoOwners].flatMap((members) =>
    members.flatMap((me) => members.map((member) => ({ members, me, member }))),
  );

  it.each(cases)("whether $me.user_id changes the role of $member.user_id", ({ members, me, member }) => {
    const refused = serverRefuses(() => {
      requireManager(me);
      requireMayGrant(actorOf(me), member.role);
      requireOtherOwner(ownersOf(members), member.user_id);
    });
    expect(roleBlock({ member, members, self: selfOf(me) }) !== undefined).toBe(refused);
  });

  it.each(cases)("whether $me.user_id removes $member.user_id", ({ members, me, member }) => {
    const refused = serverRefuses(() => {
      if (me.user_id !== member.user_id) {
        requireManager(me);
        requireMayGrant(actorOf(me), member.role);
      }
      requireOtherOwner(ownersOf(members), member.user_id);
    });
    expect(removeBlock({ member, members, self: selfOf(me) }) !== undefined).toBe(refused);
  });

  it.each(someMembers)("which roles $role gives", (me) => {
    const granted = ROLES.filter(
      (role) =>
        !serverRefuses(() => {
          requireManager(me);
          requireMayGrant(actorOf(me), role);
        }),
    );
    expect(grantableRoles(selfOf(me))).toEqual(granted);
  });
});

function selfOf(person: Person): Self {
  return {
    userId: person.user_id,
    role: person.role,
    mayManage: ROLE_PERMISSIONS[person.role].includes("members:manage"),
  };
}

function actorOf({ role }: Person) {
  return { role, permissions: new Set(ROLE_PERMISSIONS[role]) };
}

function requireManager({ role }: Person): void {
  if (!ROLE_PERMISSIONS[role].includes("members:manage")) throw new AppError("forbidden", "Not a manager.");
}

function ownersOf(members: readonly Person[]): string[] {
  return members.filter(({ role }) => role === "owner").map(({ user_id }) => user_id);
}

function serverRefuses(check: () => void): boolean {
  try {
    check();
    return false;
  } catch (error) {
    if (error instanceof AppError) return true;
    throw error;
  }
}
