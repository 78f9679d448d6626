import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPrivateKey, toJwk } from "@/lib/webhooks/ed25519";
import { outgoingHeaders } from "@/lib/webhooks/outgoing";
import { generateSecret, toSigningKey } from "@/lib/webhooks/signing-key";

/** The receivers that people download, run as they stand and sent what a worker would send. */
const PAGE = readFileSync("docs/webhooks.md", "utf8");
const BODY = JSON.stringify({
  id: "evt_1",
  type: "instance.started",
  timestamp: "2026-11-21T12:00:00.000Z",
  data: { text: "Grüße" },
});

const EXAMPLES = [
  { language: "js", file: "receiver.mjs", runtime: process.execPath, command: [] },
  { language: "python", file: "receiver.py", runtime: "python3", command: [] },
  { language: "go", file: "receiver.go", runtime: "go", command: ["run"] },
  { language: "js", file: "receiver-ed25519.mjs", runtime: process.execPath, command: [] },
  { language: "python", file: "receiver-ed25519.py", runtime: "python3", command: [], needs: "cryptography" },
  { language: "go", file: "receiver-ed25519.go", runtime: "go", command: ["run"] },
];

it("the documentation shows the very files that are downloaded", () => {
  for (const { file, language } of EXAMPLES) expect(PAGE).toContain(`\`\`\`${language}\n${codeOf(file)}\`\`\`\n`);
});

describe.each(EXAMPLES)("$file", ({ file, runtime, command, needs }) => {
  const signing = file.includes("ed25519") ? "ed25519" : "hmac";
  const [secret, replaced] = [generateSecret(signing), generateSecret(signing)];
  let jwks: Server;
  let folder: string;
  let child: ChildProcess | undefined;
  let url: string;

  const present = isPresent(runtime, needs);
  if (!present) console.warn(`skipped aloud: ${needs ?? runtime} is not on this machine, so ${file} was not run`);

  beforeAll(async () => {
    if (!present) return;
    // Inside the repository, so that the Node example finds its package.
    folder = mkdtempSync(path.resolve("node_modules/.docs-example-"));
    const port = await freePort();
    jwks = createHttpServer((_request, response) => response.end(JSON.stringify({ keys: [secret].flatMap(jwkOf) })));
    await new Promise<void>((resolve) => jwks.listen(0, "127.0.0.1", resolve));
    const address = jwks.address();
    url = `http://127.0.0.1:${port}/`;
    writeFileSync(path.join(folder, file), codeOf(file).replaceAll("8080", String(port)));
    child = spawn(runtime, [...command, file], {
      cwd: folder,
      env: {
        ...process.env,
        DUMONT_WEBHOOK_SECRET: secret,
        DUMONT_JWKS_URL: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/jwks.json`,
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
    jwks?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const send = async (body: string, sender: { secrets: string[]; timestamp: number }) => {
    const headers = outgoingHeaders({
      eventId: "evt_1",
      eventType: "instance.started",
      deliveryId: "dlv_1",
      attemptNumber: 1,
      body: BODY,
      custom: {},
      keys: sender.secrets.map((each) => toSigningKey(each, signing)),
      timestamp: sender.timestamp,
    });
    return (await fetch(url, { method: "POST", headers, body })).status;
  };
  const now = () => Math.floor(Date.now() / 1000);

  it.skipIf(!present)("accepts what we sign", async () => {
    expect(await send(BODY, { secrets: [secret], timestamp: now() })).toBe(204);
  });

  it.skipIf(!present)("accepts what a replaced secret signs too, wherever it stands among the signatures", async () => {
    expect(await send(BODY, { secrets: [secret, replaced], timestamp: now() })).toBe(204);
    expect(await send(BODY, { secrets: [replaced, secret], timestamp: now() })).toBe(204);
  });

  it.skipIf(!present)("refuses what carries no signature", async () => {
    expect((await fetch(url, { method: "POST", body: BODY })).status).toBe(401);
  });

  it.skipIf(!present)("refuses a changed body, another secret, and an old request sent again", async () => {
    expect(await send(BODY.replace("started", "stopped"), { secrets: [secret], timestamp: now() })).toBe(401);
    expect(await send(BODY, { secrets: [generateSecret(signing)], timestamp: now() })).toBe(401);
    expect(await send(BODY, { secrets: [secret], timestamp: now() - 3600 })).toBe(401);
  });
});

function codeOf(file: string): string {
  return readFileSync(path.join("public/receivers", file), "utf8");
}

function jwkOf(secret: string) {
  const pair = readPrivateKey(secret);
  return pair ? [toJwk(pair.publicKey)] : [];
}

function isPresent(runtime: string, needs?: string): boolean {
  if (path.isAbsolute(runtime)) return existsSync(runtime);
  try {
    execFileSync("which", [runtime], { stdio: "ignore" });
    if (needs) execFileSync(runtime, ["-c", `import ${needs}`], { stdio: "ignore" });
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
