import { readFileSync, statSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { createSecretBox } from "@/lib/crypto/secret-box";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { secretContext } from "@/lib/webhooks/secrets";
import { ownInstallation, script } from "./launcher/testing";

const OLD_KEY = "the-master-key-of-last-year-0123456789";
const NEW_KEY = "the-master-key-of-this-year-0123456789";
const ROWS = 4_000;
const WAIT = { timeout: 60_000, interval: 20 };

const { inDataDir, launch } = ownInstallation("dumont-keys-");

const rotateKey = (env?: Record<string, string>) => launch(script("rotate-key"), env);

describe("npm run rotate-key", () => {
  const oldBox = createSecretBox({ current: OLD_KEY });
  const newBox = createSecretBox({ current: NEW_KEY });
  const both = createSecretBox({ current: NEW_KEY, previous: OLD_KEY });

  async function storeWebhooks(): Promise<void> {
    await db.webhook.deleteMany();
    const projectId = newId("project");
    await db.project.create({ data: { id: projectId, name: "Test" } });
    await db.webhook.createMany({
      data: Array.from({ length: ROWS }, () => {
        const id = newId("webhook");
        const secret = oldBox.seal(`whsec_of-${id}`, secretContext(id));
        return { id, projectId, url: "https://example.com/", eventTypes: ["*"], retry: { preset: "quick" }, secret };
      }),
    });
  }

  async function countNew(): Promise<number> {
    return db.webhook.count({ where: { secret: { startsWith: newBox.currentPrefix } } });
  }

  const keys = () => ({
    DATABASE_URL: process.env.DATABASE_URL ?? "",
    DUMONT_SECRET_KEY: NEW_KEY,
    DUMONT_SECRET_KEY_PREVIOUS: OLD_KEY,
  });

  test("killed half way, it leaves everything readable, and goes on when it is run again", async () => {
    await storeWebhooks();
    const first = rotateKey(keys());
    await vi.waitFor(async () => expect(await countNew()).toBeGreaterThan(0), WAIT);
    process.kill(first.child.pid ?? 0, "SIGKILL");
    await first.exit;
    const done = await countNew();
    expect(done).toBeLessThan(ROWS);
    const readable = async (box: typeof both) => {
      const rows = await db.webhook.findMany({ select: { id: true, secret: true } });
      expect(rows).toHaveLength(ROWS);
      for (const { id, secret } of rows) expect(box.open(secret ?? "", secretContext(id))).toBe(`whsec_of-${id}`);
    };
    await readable(both);

    const second = await rotateKey(keys()).exit;
    expect(second.output).toContain(`${ROWS - done} rows`);
    expect(second.output).toContain("remove DUMONT_SECRET_KEY_PREVIOUS");
    expect(second.code).toBe(0);
    await readable(newBox);
  });

  test("with a wrong previous key it says so, names what it cannot open, and changes nothing", async () => {
    await storeWebhooks();
    const before = await db.webhook.findMany({ orderBy: { id: "asc" }, select: { id: true, secret: true } });
    const wrong = { ...keys(), DUMONT_SECRET_KEY_PREVIOUS: "some-other-key-that-was-never-used-here" };
    const { code, output } = await rotateKey(wrong).exit;
    expect(code).toBe(1);
    expect(output).toContain(`${ROWS} could be opened with neither key`);
    expect(output).toContain(`secret of webhook ${before[0]?.id}`);
    expect(output).toContain("DUMONT_SECRET_KEY_PREVIOUS is not the key");
    expect(output).not.toMatch(/\n\s+at /);
    expect(await db.webhook.findMany({ orderBy: { id: "asc" }, select: { id: true, secret: true } })).toEqual(before);
  });

  test("without a previous key it says what to set", async () => {
    const { DUMONT_SECRET_KEY_PREVIOUS: _previous, ...only } = keys();
    const { code, output } = await rotateKey(only).exit;
    expect(code).toBe(1);
    expect(output).toContain("Set DUMONT_SECRET_KEY to a new key");
  });
});

describe("where npm start made the key", () => {
  const secrets = (): Record<string, string> =>
    JSON.parse(readFileSync(inDataDir("secrets.json"), "utf8")) as Record<string, string>;
  const ready = async () => {
    const launched = launch(script("start", "--no-web"));
    await vi.waitFor(() => {
      if (launched.child.exitCode !== null) throw new Error(`It ended:\n${launched.output()}`);
      expect(launched.output()).toContain("Dumont is ready");
    }, WAIT);
    return launched;
  };

  test("the key changes while Dumont is stopped, and what it encrypted while it runs", async () => {
    const first = await ready();
    const old = secrets().DUMONT_SECRET_KEY;
    const refused = await rotateKey().exit;
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("already runs");
    expect(secrets().DUMONT_SECRET_KEY).toBe(old);

    first.child.kill("SIGTERM");
    await first.exit;
    expect((await rotateKey().exit).output).toContain("start Dumont");
    expect(secrets()).toMatchObject({ DUMONT_SECRET_KEY_PREVIOUS: old });
    expect(secrets().DUMONT_SECRET_KEY).not.toBe(old);
    expect(statSync(inDataDir("secrets.json")).mode & 0o777).toBe(0o600);

    const second = await ready();
    const { code, output } = await rotateKey().exit;
    expect(output).toContain("The old key is forgotten");
    expect(code).toBe(0);
    expect(secrets()).not.toHaveProperty("DUMONT_SECRET_KEY_PREVIOUS");
    expect(second.child.exitCode).toBeNull();
  });
});
