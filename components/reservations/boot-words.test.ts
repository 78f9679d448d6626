import { describe, expect, it } from "vitest";
import type { Configuration } from "@/lib/contracts/configurations";
import { bootWarning, bootWords } from "./boot-words";

const who = { id: "usr_1", name: "Ada" };
const at = "2026-11-22T00:00:00.000Z";

function configOf(name: string, environments: string[]): Configuration {
  return {
    id: `cfg_${name}`,
    name,
    description: "",
    application: { id: "app_1", name: "Assistant" },
    variants: [],
    in_force: environments.map((environment) => ({
      environment,
      deployment_id: "dep_1",
      number: 1,
      version: { id: "cvr_1", variant: "default", version: 4 },
      deployed_at: at,
    })),
    created_by: who,
    created_at: at,
    updated_at: at,
    archived_at: null,
  };
}

const configs = [configOf("serving", ["production", "staging"]), configOf("draft", [])];
const warn = (config: string, environment: string) => bootWarning({ config, environment }, configs);

describe("what a booking boots", () => {
  it("is warned of when the configuration is not in force there", () => {
    expect(warn("serving", "development")).toContain("not deployed in “development”, but in production, staging");
    expect(warn("draft", "production")).toContain("not deployed anywhere");
    expect(warn("serivng", "production")).toContain("no configuration “serivng”");
  });

  it("is not warned of when it is, when no environment is named, or nothing is known", () => {
    expect(warn(" serving ", "production")).toBeNull();
    expect(warn("serving", "")).toBeNull();
    expect(warn("", "production")).toBeNull();
    expect(bootWarning({ config: "serving", environment: "x" }, undefined)).toBeNull();
  });

  it("is told where it is known", () => {
    expect(bootWords({ config: "serving", environment: "production" }, configs)).toBe("In force there: default 4.");
    expect(bootWords({ config: "serving", environment: "" }, configs)).toBeNull();
  });
});

it("says of what boots at once that nothing changes it any more", () => {
  expect(bootWarning({ config: "draft", environment: "" }, configs, "now")).toMatch(/A plain machine boots\.$/);
});
