import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { eventTypeCatalogue, isEmittableType } from "@/lib/contracts/event-types";
import { emitEventBody } from "@/lib/contracts/events";
import { emitCommand } from "./emit-curl";

/** What a real shell hands to curl as its arguments. */
function argumentsOf(command: string): string[] {
  const script = `DUMONT_API_KEY=key_from_env\ncurl() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }\n${command}\n`;
  return execFileSync("/bin/sh", { input: script }).toString("utf8").split("\0").slice(0, -1);
}

describe("emitCommand", () => {
  it("takes the key from the environment and sends JSON to the project", () => {
    const command = emitCommand({ origin: "http://localhost:3000", projectId: "prj_1", type: "custom.it's", data: {} });
    expect(argumentsOf(command)).toEqual([
      "-X",
      "POST",
      "http://localhost:3000/api/v1/projects/prj_1/events",
      "-H",
      "Authorization: Bearer key_from_env",
      "-H",
      "Content-Type: application/json",
      "--data-raw",
      JSON.stringify({ type: "custom.it's", data: {} }, null, 2),
    ]);
  });

  it("sends for every type of the catalogue a body that the API accepts", () => {
    const types = eventTypeCatalogue().filter(({ type }) => isEmittableType(type));
    expect(types.length).toBeGreaterThan(15);
    for (const { type, example } of types) {
      const sent = argumentsOf(emitCommand({ origin: "http://x", projectId: "default", type, data: example })).at(-1);
      expect(emitEventBody.safeParse(JSON.parse(sent ?? "")).success, type).toBe(true);
    }
  });
});
