import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outgoingHeaders } from "@/lib/webhooks/outgoing";
import { generateSecret, toSigningKey } from "@/lib/webhooks/signing-key";

/** The receivers of docs/webhooks.md, taken from the page as they stand and sent what a worker would send. */
const PAGE = readFileSync("docs/webhooks.md", "utf8");
const BODY = JSON.stringify({
  id: "evt_1",
  type: "instance.started",
  timestamp: "2026-11-21T12:00:00.000Z",
  data: { text: "Grüße" },
});

const EXAMPLES = [
  { language: "js", file: "receiver.mjs", runtime: process.execPath, command: ["receiver.mjs"] },
  { language: "python", file: "receiver.py", runtime: "python3", command: ["receiver.py"] },
  { language: "go", file: "receiver.go", runtime: "go", command: ["run", "receiver.go"] },
];

describe.each(EXAMPLES)("the $language receiver of the documentation", ({ language, file, runtime, command }) => {
  const secret = generateSecret();
  let folder: string;
  let child: ChildProcess | undefined;
  let url: string;

  const present = isPresent(runtime);
  if (!present) console.warn(`skipped aloud: ${runtime} is not on this machine, so its example was not run`);

  beforeAll(async () => {
    if (!present) return;
    // Inside the repository, so that the Node example finds its package.
    folder = mkdtempSync(path.resolve("node_modules/.docs-example-"));
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    writeFileSync(path.join(folder, file), codeOf(language).replaceAll("8080", String(port)));
    child = spawn(runtime, command, {
      cwd: folder,
      env: {
        ...process.env,
        WEBHOOK_SECRET: secret,
        GOCACHE: path.join(tmpdir(), "dumont-go-cache"),
        GOFLAGS: "-mod=mod",
      },
      stdio: "ignore",
      detached: true,
    });
    for (let tries = 0; tries < 600 && !(await answers(url)); tries += 1) await sleep(100);
  }, 90_000);

  afterAll(() => {
    // `go run` starts the program as a child of its own; the whole group ends.
    if (child?.pid) process.kill(-child.pid, "SIGKILL");
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const send = async (body: string, sender: { secret: string; timestamp: number }) => {
    const headers = outgoingHeaders({
      eventId: "evt_1",
      eventType: "instance.started",
      deliveryId: "dlv_1",
      attemptNumber: 1,
      body: BODY,
      custom: {},
      keys: [toSigningKey(sender.secret)],
      timestamp: sender.timestamp,
    });
    return (await fetch(url, { method: "POST", headers, body })).status;
  };
  const now = () => Math.floor(Date.now() / 1000);

  it.skipIf(!present)("accepts what we sign", async () => {
    expect(await send(BODY, { secret, timestamp: now() })).toBe(204);
  });

  it.skipIf(!present)("refuses a changed body, another secret, and an old request sent again", async () => {
    expect(await send(BODY.replace("started", "stopped"), { secret, timestamp: now() })).toBe(401);
    expect(await send(BODY, { secret: generateSecret(), timestamp: now() })).toBe(401);
    expect(await send(BODY, { secret, timestamp: now() - 3600 })).toBe(401);
  });
});

function codeOf(language: string): string {
  const code = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(PAGE)?.[1];
  if (code === undefined) throw new Error(`docs/webhooks.md has no ${language} example.`);
  return code;
}

function isPresent(runtime: string): boolean {
  if (path.isAbsolute(runtime)) return existsSync(runtime);
  try {
    execFileSync("which", [runtime], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { method: "POST", body: "x" }).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("No port.")),
      );
    });
  });
}
