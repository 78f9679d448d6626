import { describe, expect, it } from "vitest";
import { canLetIn, PRESETS, presetOf, presetScopes, scopeGroups, scopeSummary } from "@/components/accounts/scopes";
import { createApiKeyBody } from "@/lib/contracts/api-keys";
import { ALL_PERMISSIONS, ALL_SCOPES, ROLE_PERMISSIONS } from "@/lib/contracts/permissions";

describe("scopeGroups", () => {
  it("offers each scope of the role once, and no other", () => {
    for (const permissions of Object.values(ROLE_PERMISSIONS)) {
      const offered = scopeGroups(permissions).flatMap(({ scopes }) => scopes);
      expect(offered.toSorted()).toEqual(permissions.toSorted());
    }
  });

  it("leaves out groups of which nothing may be given", () => {
    expect(scopeGroups(["events:read"])).toEqual([{ label: "Events", scopes: ["events:read"] }]);
  });
});

describe("presets", () => {
  it("are accepted by the contract for whoever may make keys", () => {
    for (const role of ["owner", "admin"] as const) {
      for (const preset of PRESETS) {
        const body = { name: "Key", scopes: presetScopes(preset, ROLE_PERMISSIONS[role]) };
        expect(createApiKeyBody.safeParse(body).success).toBe(true);
      }
    }
  });

  it("never hold the scope that runs the installation", () => {
    for (const preset of PRESETS) expect(presetScopes(preset, ALL_SCOPES)).not.toContain("admin");
  });

  it("never hold a scope that the person lacks", () => {
    expect(presetScopes("everything", ROLE_PERMISSIONS.viewer)).toEqual(ROLE_PERMISSIONS.viewer);
    expect(presetScopes("emit", ROLE_PERMISSIONS.viewer)).toEqual([]);
  });

  it("are recognised in any order, and nothing else is", () => {
    for (const preset of PRESETS) {
      expect(presetOf(presetScopes(preset, ALL_PERMISSIONS).toReversed(), ALL_PERMISSIONS)).toBe(preset);
    }
    expect(presetOf(["events:write", "events:read"], ALL_PERMISSIONS)).toBeNull();
    expect(presetOf([], ROLE_PERMISSIONS.viewer)).toBeNull();
  });
});

describe("scopeSummary", () => {
  it("says what the scopes amount to", () => {
    expect(scopeSummary(["events:write"])).toBe("Emit events");
    expect(scopeSummary(ROLE_PERMISSIONS.viewer)).toBe("Read only");
    expect(scopeSummary(ALL_PERMISSIONS)).toBe("Everything");
    expect(scopeSummary(ALL_SCOPES)).toBe("Everything, and the installation");
    expect(scopeSummary(["webhooks:write"])).toBe("webhooks:write");
    expect(scopeSummary(["webhooks:write", "events:write"])).toBe("2 scopes");
    expect(scopeSummary([])).toBe("Nothing");
  });
});

describe("canLetIn", () => {
  it("tells the keys that can make further keys or invite people", () => {
    expect(canLetIn(["events:write", "keys:manage"])).toBe(true);
    expect(canLetIn(["members:manage"])).toBe(true);
    expect(canLetIn(ROLE_PERMISSIONS.member)).toBe(false);
  });
});
