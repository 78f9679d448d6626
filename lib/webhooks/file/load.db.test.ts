import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { until, useDeliveries } from "@/lib/queue/testing";
import { disable } from "@/lib/webhooks/enabling";
import { followWebhooksFile } from "@/lib/webhooks/file/follow";
import { type LoadOutcome, loadWebhooksFile } from "@/lib/webhooks/file/load";
import * as rotation from "@/lib/webhooks/rotation";
import { openSecret } from "@/lib/webhooks/secrets";
import * as service from "@/lib/webhooks/service";
import { createTestProject } from "@/lib/webhooks/testing";

const SECRETS = vi.hoisted(() => {
  const folder = `${process.env.TMPDIR ?? "/tmp"}/dumont-secrets-${process.pid}`;
  process.env.SECRETS_DIR = folder;
  return folder;
});

const VALUE = "a-secret-of-the-operator-0123456789";
describe("webhooks from a file", () => {
  const { actor, emitNow, receiver, pump, settled } = useDeliveries();

  let folder: string;
  let file: string;

  beforeEach(async () => {
    await db.webhooksFile.deleteMany();
    await db.project.deleteMany({ where: { id: { not: actor().projectId } } });
    folder = mkdtempSync(path.join(tmpdir(), "dumont-file-"));
    file = path.join(folder, "webhooks.yaml");
    mkdirSync(SECRETS, { recursive: true });
    writeFileSync(path.join(SECRETS, "one"), `${VALUE}\n`);
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
    rmSync(SECRETS, { recursive: true, force: true });
  });

  type Entry = Record<string, unknown> & { id: string };

  const entry = (id: string, more: Record<string, unknown> = {}): Entry => ({
    id,
    url: `https://example.com/${id}`,
    secret: "one",
    events: ["instance.*"],
    ...more,
  });

  async function load(entries: Entry[], { reenable = false } = {}): Promise<LoadOutcome> {
    writeFileSync(file, stringify({ webhooks: entries }));
    return loadWebhooksFile({ trigger: "admin", file, reenable });
  }

  async function applied(entries: Entry[], options?: { reenable: boolean }) {
    const outcome = await load(entries, options);
    if (outcome.kind !== "applied") throw new Error(JSON.stringify(outcome));
    return outcome.result;
  }

  const rows = () => db.webhook.findMany({ where: { source: "file", deletedAt: null }, orderBy: { fileKey: "asc" } });

  async function rowOf(key: string) {
    return db.webhook.findFirstOrThrow({ where: { fileKey: key, deletedAt: null } });
  }

  describe("what the file says becomes the installation's webhooks", () => {
    test("created with the file's secret, changed, and removed with it", async () => {
      expect(
        await applied([entry("a"), entry("b", { max_in_flight: 2, filter: { environments: ["production"] } })]),
      ).toEqual({
        loaded: 2,
        created: 2,
        updated: 0,
        removed: 0,
        unchanged: 0,
      });
      const a = await rowOf("a");
      expect(a).toMatchObject({ projectId: actor().projectId, secretName: "one", secretSource: "file", enabled: true });
      expect(a.retry).toEqual({ delays_s: [2, 4, 8, 16, 32] });
      expect(openSecret(a.id, a.secret ?? "")).toBe(VALUE);

      expect(await applied([entry("a", { events: ["cost.threshold"] })])).toMatchObject({ updated: 1, removed: 1 });
      expect((await rowOf("a")).id).toBe(a.id);
      expect(await rows()).toHaveLength(1);
      const changes = await db.webhookChange.findMany({ orderBy: { id: "asc" } });
      expect(changes.map(({ kind, by }) => `${kind} by ${by}`)).toEqual([
        "created by file",
        "created by file",
        "deleted by file",
        "updated by file",
      ]);
    });

    test("what is as it should be is not written", async () => {
      await applied([entry("a"), entry("b", { enabled: false })]);
      const versions = () => db.$queryRaw`SELECT id, xmin::text, secret FROM webhook ORDER BY id`;
      const before = await versions();
      expect(await applied([entry("a"), entry("b", { enabled: false })])).toMatchObject({ updated: 0, unchanged: 2 });
      expect(await versions()).toEqual(before);
    });

    test("its events are delivered, signed with the secret of that name", async () => {
      const { url, requests } = await receiver();
      await applied([entry("a", { url: url("/a") })]);
      pump();
      await emitNow();
      await settled();
      expect(requests).toHaveLength(1);
      expect(requests[0]?.headers["webhook-signature"]).toMatch(/^v1,/);
    });

    test("a changed secret is taken over, and what waits for a removed webhook is cancelled", async () => {
      await applied([entry("a"), entry("b")]);
      await emitNow();
      writeFileSync(path.join(SECRETS, "one"), "another-secret-0123456789");
      expect(await applied([entry("a")])).toMatchObject({ updated: 1, removed: 1 });
      const a = await rowOf("a");
      expect(openSecret(a.id, a.secret ?? "")).toBe("another-secret-0123456789");
      expect((await db.delivery.findMany()).map(({ status }) => status).sort()).toEqual(["cancelled", "pending"]);
    });

    test("a project is named, or it is the first", async () => {
      const other = await createTestProject();
      await applied([entry("a"), entry("b", { project: other.projectId })]);
      expect([(await rowOf("a")).projectId, (await rowOf("b")).projectId]).toEqual([
        actor().projectId,
        other.projectId,
      ]);
      // It cannot be moved: another project has another log.
      expect(await applied([entry("a"), entry("b")])).toMatchObject({ created: 1, removed: 1, unchanged: 1 });
    });

    test("many processes at once do it once", async () => {
      writeFileSync(file, stringify([entry("a"), entry("b"), entry("c")]));
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => loadWebhooksFile({ trigger: "start", file })));
      const created = outcomes.map((outcome) => (outcome.kind === "applied" ? outcome.result.created : -1));
      expect(created.toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 3]);
      expect(await rows()).toHaveLength(3);
      expect(await db.webhookChange.count()).toBe(3);
    });
  });

  describe("a bad file", () => {
    test("is refused as a whole, with every mistake, and the last good one stays in force", async () => {
      await applied([entry("a")]);
      const before = await rows();
      const outcome = await load([
        entry("a", { events: ["*"] }),
        entry("b", { url: "https://10.0.0.1/" }),
        entry("c", { secret: "nowhere" }),
        entry("d", { project: "prj_none" }),
        entry("e", { colour: "red" }),
      ]);
      expect(outcome).toMatchObject({
        kind: "refused",
        errors: [
          { field: "webhooks[1].url" },
          { field: "c.secret", message: expect.stringContaining(path.join(SECRETS, "nowhere")) },
          { field: "d.project" },
          { field: "webhooks[4].colour" },
        ],
      });
      expect(await rows()).toEqual(before);
      expect(await db.webhooksFile.findFirst()).toMatchObject({ errors: { length: 4 }, appliedAt: expect.any(Date) });
      expect(await applied([entry("a")])).toMatchObject({ unchanged: 1 });
      expect(await db.webhooksFile.findFirst()).toMatchObject({ errors: [] });
    });

    test("a file that vanished removes nothing; one that never was is no mistake", async () => {
      const nowhere = path.join(folder, "nowhere.yaml");
      expect(await loadWebhooksFile({ trigger: "start", file: nowhere })).toEqual({ kind: "absent" });
      expect((await loadWebhooksFile({ trigger: "admin", file: nowhere })).kind).toBe("refused");
      await applied([entry("a")]);
      expect((await loadWebhooksFile({ trigger: "change", file: nowhere })).kind).toBe("refused");
      expect(await rows()).toHaveLength(1);
    });

    test("without any project there is nothing to do yet", async () => {
      await db.project.deleteMany();
      expect(await load([entry("a")])).toEqual({ kind: "unready" });
    });
  });

  describe("secrets", () => {
    test("from the environment only where there is no file, with a warning that says how to migrate", async () => {
      const warn = vi.spyOn(log, "warn");
      vi.stubEnv("two", "from-the-environment-0123456789");
      vi.stubEnv("one", "not-this-one-0123456789");
      await applied([entry("a"), entry("b", { secret: "two" })]);
      expect([(await rowOf("a")).secretSource, (await rowOf("b")).secretSource]).toEqual(["file", "environment"]);
      const warnings = warn.mock.calls.map((call) => JSON.stringify(call));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/To migrate, write it to .*two/);
      expect(warnings[0]).not.toContain("from-the-environment");
    });

    test("nothing of them in errors, log or database, and none of Dumont's own settings is one", async () => {
      const logged = [vi.spyOn(log, "warn"), vi.spyOn(log, "error"), vi.spyOn(log, "info")];
      vi.stubEnv("short", "too-short");
      writeFileSync(path.join(SECRETS, "spaces"), "a secret with spaces in it");
      const outcome = await load([
        entry("a", { secret: "short" }),
        entry("b", { secret: "spaces" }),
        entry("c", { secret: "DUMONT_SECRET_KEY" }),
      ]);
      expect(outcome).toMatchObject({ kind: "refused", errors: { length: 3 } });
      const everything = JSON.stringify([
        outcome,
        logged.map((spy) => spy.mock.calls),
        await db.webhooksFile.findMany(),
        await db.webhook.findMany(),
      ]);
      for (const secret of ["too-short", "with spaces in", env.DUMONT_SECRET_KEY ?? "", VALUE]) {
        expect(everything).not.toContain(secret);
      }
    });
  });

  describe("what was disabled", () => {
    const fail = async (key: string) => {
      const { id } = await rowOf(key);
      await transaction((tx) => disable(tx, id, { reason: "gone", by: "system" }));
    };

    test("automatically stays so until its entry changes or an administrator asks", async () => {
      await applied([entry("a"), entry("b")]);
      await fail("a");
      expect(await applied([entry("a"), entry("b")])).toMatchObject({ unchanged: 2 });
      expect((await rowOf("a")).enabled).toBe(false);
      await applied([entry("a"), entry("b"), entry("c")]);
      expect((await rowOf("a")).enabled, "another entry is no reason").toBe(false);
      expect(await applied([entry("a"), entry("b")], { reenable: true })).toMatchObject({ updated: 1, unchanged: 1 });
      expect(await rowOf("a")).toMatchObject({ enabled: true, disabledReason: null });
      await fail("a");
      await applied([entry("a", { description: "new" }), entry("b")]);
      expect((await rowOf("a")).enabled).toBe(true);
    });

    test("in the file is the file's will, in both directions", async () => {
      await applied([entry("a")]);
      await fail("a");
      await applied([entry("a", { enabled: false })]);
      expect(await rowOf("a")).toMatchObject({ enabled: false, disabledReason: "manual" });
      await applied([entry("a")]);
      expect((await rowOf("a")).enabled).toBe(true);
    });
  });

  test("people cannot change them, and see where they come from", async () => {
    await applied([entry("a")]);
    const { id } = await rowOf("a");
    const by: Actor = actor();
    const attempts = [
      () => service.updateWebhook(by, id, { enabled: false }),
      () => service.updateWebhook(by, id, { description: "mine" }),
      () => rotation.regenerateSecret(by, id, { overlap_s: 0 }),
      () => rotation.revokePreviousSecret(by, id, "none"),
      () => service.deleteWebhook(by, id),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "conflict" });
    expect(await service.getWebhook(by, id)).toMatchObject({
      source: "file",
      file: { key: "a", secret_name: "one", secret_source: "file", path: expect.stringContaining("webhooks.yaml") },
    });
  });

  describe("following the file", () => {
    const follow = () => {
      const stopping = new AbortController();
      const hangUps = new EventEmitter();
      const done = followWebhooksFile({ signal: stopping.signal, hangUps, file });
      return {
        hangUps,
        stop: async () => {
          stopping.abort();
          await done;
        },
      };
    };
    const keys = async () => (await rows()).map(({ fileKey }) => fileKey).join();
    const trigger = async () => (await db.webhooksFile.findFirst())?.trigger;

    test("it is loaded at the start, when it is written, replaced or removed, and on a hang-up", async () => {
      writeFileSync(file, stringify([entry("a")]));
      const following = follow();
      try {
        await until("the start", async () => (await keys()) === "a");
        writeFileSync(file, stringify([entry("a"), entry("b")]));
        await until("a write in place", async () => (await keys()) === "a,b");
        expect(await trigger()).toBe("change");
        for (const [index, expected] of ["a,c", "a,d", "a,e"].entries()) {
          const next = path.join(folder, `.webhooks.yaml.${index}`);
          writeFileSync(next, stringify(expected.split(",").map((id) => entry(id))));
          renameSync(next, file);
          await until(`replacement ${index}`, async () => (await keys()) === expected);
        }
        rmSync(file);
        await until("the removal", async () => JSON.stringify((await db.webhooksFile.findFirst())?.errors) !== "[]");
        expect(await keys()).toBe("a,e");
        writeFileSync(file, stringify([entry("f")]));
        await until("its return", async () => (await keys()) === "f");
        writeFileSync(path.join(SECRETS, "one"), "another-secret-0123456789");
        following.hangUps.emit("hangup");
        await until("the hang-up", async () => (await trigger()) === "signal");
        const f = await rowOf("f");
        expect(openSecret(f.id, f.secret ?? "")).toBe("another-secret-0123456789");
      } finally {
        await following.stop();
      }
    });

    test("as Kubernetes mounts and replaces it", async () => {
      const publish = (version: string, entries: Entry[]) => {
        mkdirSync(path.join(folder, version));
        writeFileSync(path.join(folder, version, "webhooks.yaml"), stringify(entries));
        symlinkSync(version, path.join(folder, "..data_tmp"));
        renameSync(path.join(folder, "..data_tmp"), path.join(folder, "..data"));
      };
      publish("..1", [entry("a")]);
      symlinkSync(path.join("..data", "webhooks.yaml"), file);
      const following = follow();
      try {
        await until("the first version", async () => (await keys()) === "a");
        publish("..2", [entry("b")]);
        await until("the second version", async () => (await keys()) === "b");
      } finally {
        await following.stop();
      }
    });

    test("it waits until there is a project to belong to", async () => {
      await db.project.deleteMany();
      const looked = vi.spyOn(log, "debug");
      writeFileSync(file, stringify([entry("a")]));
      const following = follow();
      try {
        await until("the first look", () => looked.mock.calls.some(([about]) => JSON.stringify(about).includes(file)));
        await createTestProject();
        await until("the webhook", async () => (await keys()) === "a");
      } finally {
        await following.stop();
      }
    });
  });
});
