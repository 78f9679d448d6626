import { describe, expect, it } from "vitest";
import type { Configuration } from "@/lib/contracts/configurations";
import { whatBoots } from "./what-boots";

const who = { id: "usr_1", name: "Ada" };
const at = (hour: number) => `2026-11-22T0${hour}:00:00.000Z`;
const inForce = (environment: string, version: number, hour: number) => ({
  environment,
  deployment_id: `dep_${version}`,
  number: 1,
  version: { id: `cvr_${version}`, variant: "default", version },
  deployed_at: at(hour),
});
const serving: Configuration = {
  id: "cfg_1",
  name: "serving",
  description: "",
  application: { id: "app_1", name: "Assistant" },
  variants: [],
  in_force: [inForce("production", 3, 1), inForce("staging", 5, 2)],
  created_by: who,
  created_at: at(0),
  updated_at: at(2),
  archived_at: null,
};

describe("what will boot", () => {
  it("is what is deployed to the environment now", () => {
    expect(whatBoots({ config: "serving", environment: "production" }, [serving])).toEqual({
      kind: "version",
      configId: "cfg_1",
      version: "default 3",
      environment: "production",
      chosen: true,
    });
  });

  it("is what was deployed last where no environment is named", () => {
    const boots = whatBoots({ config: "serving", environment: null }, [serving]);
    expect(boots).toMatchObject({ version: "default 5", environment: "staging", chosen: false });
  });

  it("is a plain machine where nothing is named or deployed, and it is said why", () => {
    const why = (config: string | null, environment: string | null) => {
      const boots = whatBoots({ config, environment }, [serving, { ...serving, name: "draft", in_force: [] }]);
      return boots.kind === "plain" ? boots.why : boots.kind;
    };
    expect(why(null, null)).toContain("names no configuration");
    expect(why("serving", "development")).toContain("not deployed to “development”");
    expect(why("draft", null)).toContain("not deployed anywhere");
  });

  it("is not guessed where the configuration is not known", () => {
    expect(whatBoots({ config: "serving", environment: null }, undefined).kind).toBe("unknown");
    expect(whatBoots({ config: "other", environment: null }, [serving]).kind).toBe("unknown");
  });
});
