import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { emitLine } from "@/components/accounts/emit-line";
import { emitEventBody } from "@/lib/contracts/events";

describe("emitLine", () => {
  it("is one shell command with the key, and a body that the contract accepts", () => {
    const command = emitLine({ origin: "https://dumont.example", key: "dmt_abc-DEF_123" });
    // curl replaced by something that prints its arguments.
    const words = execFileSync("sh", ["-c", command.replace("curl", "printf '%s\\0'")], { encoding: "utf8" }).split(
      "\0",
    );
    expect(words).toContain("https://dumont.example/api/v1/projects/default/events");
    expect(words).toContain("Authorization: Bearer dmt_abc-DEF_123");
    const body = words[words.indexOf("--data-raw") + 1] ?? "";
    expect(emitEventBody.parse(JSON.parse(body))).toMatchObject({
      type: "instance.started",
      data: { gpu_type: "H100-SXM" },
    });
  });
});
