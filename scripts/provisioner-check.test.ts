import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ReferenceProvisioner, startReferenceProvisioner } from "@/lib/compute/http/testing";
import { startReceiver } from "@/lib/webhooks/testing";

const run = promisify(execFile);

let reference: ReferenceProvisioner;
beforeAll(async () => {
  reference = await startReferenceProvisioner();
});
afterAll(() => reference.close());

/** As somebody types it. @returns what it printed, and its exit code */
async function check(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const command = ["--import", "tsx", "scripts/provisioner-check.ts", ...args];
  try {
    const { stdout } = await run(process.execPath, command, { timeout: 120_000 });
    return { code: 0, lines: stdout.trim().split("\n") };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, lines: stdout.trim().split("\n") };
  }
}

it("finds that the reference provisioner meets every requirement, and leaves nothing behind", async () => {
  const { code, lines } = await check(reference.url, "--secret", reference.secret);
  expect(lines.filter((line) => !line.startsWith("ok"))).toEqual(["19 met, 0 not met"]);
  expect(code).toBe(0);
});

it("ends with 1 and says what is wrong when the secret is another, or when everything is accepted", async () => {
  const other = await check(reference.url, "--secret", "whsec_c29tZSBvdGhlciBzZWNyZXQgb2YgMzIgYnl0ZXMh");
  expect(other.code).toBe(1);
  expect(other.lines).toContainEqual(expect.stringMatching(/^FAIL {2}answers a health call: .*signature/));

  const careless = await startReceiver((_request, response) => response.end('{"ok":true}'));
  const result = await check(careless.url(), "--secret", reference.secret, "--timeout", "1");
  await careless.close();
  expect(result.code).toBe(1);
  expect(result.lines).toContainEqual(expect.stringMatching(/^FAIL {2}refuses a signature by another secret/));
  expect(result.lines).toContainEqual(expect.stringMatching(/^FAIL {2}starts a machine: .*docs\/provisioner\.md/));
});

it("ends with 2 when it is not told enough", async () => {
  expect((await check("not a url", "--secret", "x")).code).toBe(2);
  expect((await check(reference.url)).code).toBe(2);
});
