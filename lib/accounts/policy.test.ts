import { describe, expect, test } from "vitest";
import { requireMayGrant, requireOtherOwner } from "@/lib/accounts/policy";
import { type Permission, ROLE_PERMISSIONS, ROLES, type Role } from "@/lib/contracts/permissions";

function mayGrant(giver: { role: Role | null; permissions: readonly Permission[] }, role: Role): boolean {
  try {
    requireMayGrant({ role: giver.role, permissions: new Set(giver.permissions) }, role);
    return true;
  } catch {
    return false;
  }
}

describe("who may give which role", () => {
  test.each<[Role, readonly Role[]]>([
    ["owner", ["owner", "admin", "member", "viewer"]],
    ["admin", ["admin", "member", "viewer"]],
    ["member", ["member", "viewer"]],
    ["viewer", ["viewer"]],
  ])("the permissions of %s suffice for %j", (role, expected) => {
    const giver = { role, permissions: ROLE_PERMISSIONS[role] };
    expect(ROLES.filter((given) => mayGrant(giver, given))).toEqual(expected);
  });

  test("an API key with every scope makes no owners", () => {
    const key = { role: null, permissions: ROLE_PERMISSIONS.owner };
    expect(ROLES.filter((given) => mayGrant(key, given))).toEqual(["admin", "member", "viewer"]);
  });

  test("an API key that only manages members lets in nobody who could do more", () => {
    const key = { role: null, permissions: ["project:read", "members:manage"] as const };
    expect(ROLES.filter((given) => mayGrant(key, given))).toEqual([]);
  });
});

test("only the last owner is needed", () => {
  expect(() => requireOtherOwner(["mem_a"], "mem_a")).toThrow(/needs an owner/);
  expect(() => requireOtherOwner(["mem_a", "mem_b"], "mem_a")).not.toThrow();
  expect(() => requireOtherOwner(["mem_a"], "mem_b")).not.toThrow();
});
