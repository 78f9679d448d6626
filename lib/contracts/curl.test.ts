import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curlCommand } from "./curl";

/** What a real shell hands to curl as its arguments. */
function argumentsOf(command: string): string[] {
  const script = `curl() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }\n${command}\n`;
  return execFileSync("/bin/sh", { input: script }).toString("utf8").split("\0").slice(0, -1);
}

describe("curlCommand", () => {
  it("writes method, URL, headers and body", () => {
    const command = curlCommand({
      method: "POST",
      url: "https://example.com/hook?a=1&b=2",
      headers: { "content-type": "application/json", "webhook-id": "evt_1" },
      body: '{"note":"it\'s $HOME `id`"}',
    });
    expect(command).toBe(
      [
        "curl -X POST 'https://example.com/hook?a=1&b=2'",
        "-H 'content-type: application/json'",
        "-H 'webhook-id: evt_1'",
        `--data-raw '{"note":"it'\\''s $HOME \`id\`"}'`,
      ].join(" \\\n  "),
    );
  });

  it("gives the shell back exactly what was sent, whatever it contains", () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom("'", '"', "\\", "$", "`", "\n", "!", "@", " ", "-", ";", "é", "😀"),
        fc.string({ minLength: 1, maxLength: 1 }).filter((character) => character !== "\0"),
      ),
      maxLength: 30,
    });
    fc.assert(
      fc.property(nasty, nasty, nasty, (path, value, body) => {
        const url = `https://example.com/${path}`;
        const given = argumentsOf(curlCommand({ method: "POST", url, headers: { "x-note": `v${value}` }, body }));
        expect(given.slice(0, 3)).toEqual(["-X", "POST", url]);
        expect(given).toContain(`x-note: v${value}`);
        if (body !== "") expect(given.slice(-2)).toEqual(["--data-raw", body]);
      }),
      { numRuns: 60 },
    );
  });

  it("takes brackets in a URL for themselves", () => {
    const command = curlCommand({ method: "POST", url: "http://[::1]:3000/{a}", headers: {}, body: "" });
    expect(argumentsOf(command)).toEqual(["-X", "POST", "http://[::1]:3000/{a}", "--globoff"]);
  });

  it("leaves out what curl writes itself and keeps headers without a value", () => {
    const command = curlCommand({
      method: "POST",
      url: "http://localhost/",
      headers: { Host: "other", "Content-Length": "3", "x-empty": "" },
      body: "abc",
    });
    expect(argumentsOf(command)).toEqual(["-X", "POST", "http://localhost/", "-H", "x-empty;", "--data-raw", "abc"]);
  });
});
