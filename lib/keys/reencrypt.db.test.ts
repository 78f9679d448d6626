import { execFileSync } from "node:child_process";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import { processorSecretContext } from "@/lib/artifacts/secrets";
import { openProvisionerSecret } from "@/lib/compute/http/secret";
import { createSecretBox, installationBox } from "@/lib/crypto/secret-box";
import { db } from "@/lib/db/client";
import { once } from "@/lib/http/idempotency";
import { newId } from "@/lib/ids";
import { reencryptAll } from "@/lib/keys/reencrypt";
import { useDeliveries } from "@/lib/queue/testing";
import { regenerateSecret } from "@/lib/webhooks/rotation";
import { headersContext, openHeaders, openSecret, secretContext } from "@/lib/webhooks/secrets";
import { getWebhook } from "@/lib/webhooks/service";
import { createTestWebhook } from "@/lib/webhooks/testing";

const { OLD_KEY } = vi.hoisted(() => {
  const OLD_KEY = "the-previous-master-key-of-this-installation";
  process.env.DUMONT_SECRET_KEY_PREVIOUS = OLD_KEY;
  return { OLD_KEY };
});
const oldBox = createSecretBox({ current: OLD_KEY });
const silent = () => {};

/** As if the old key had been the current one when it was stored. */
async function sealWithOldKey(webhookId: string): Promise<void> {
  const row = await db.webhook.findUniqueOrThrow({ where: { id: webhookId } });
  const again = (sealed: string) => oldBox.seal(openSecret(webhookId, sealed), secretContext(webhookId));
  const previous = JSON.parse(JSON.stringify(row.previousSecrets)) as { secret: string }[];
  await db.webhook.update({
    where: { id: webhookId },
    data: {
      secret: row.secret && again(row.secret),
      headers:
        row.headers && oldBox.seal(JSON.stringify(openHeaders(webhookId, row.headers)), headersContext(webhookId)),
      previousSecrets: previous.map((entry) => ({ ...entry, secret: again(entry.secret) })),
    },
  });
}

async function allSealed(): Promise<string[]> {
  const rows = await db.$queryRaw<{ sealed: string }[]>`
    SELECT secret AS sealed FROM webhook WHERE secret IS NOT NULL
    UNION ALL SELECT headers FROM webhook WHERE headers IS NOT NULL
    UNION ALL SELECT p ->> 'secret' FROM webhook, jsonb_array_elements(previous_secrets) p
    UNION ALL SELECT secret FROM processor WHERE secret IS NOT NULL
    UNION ALL SELECT response FROM idempotency_key WHERE response IS NOT NULL`;
  return rows.map(({ sealed }) => sealed);
}

describe("encrypting anew", () => {
  const { actor, emitNow, receiver, pump, settled } = useDeliveries();

  it("reaches everything, while deliveries go out and all of them are signed", async () => {
    const target = await receiver();
    const webhooks = [];
    for (let index = 0; index < 60; index += 1) {
      const created = await createTestWebhook(actor(), {
        url: target.url(`/${index}`),
        event_types: ["*"],
        headers: { "X-Tenant": `t-${index}` },
      });
      const { secret } = index % 10 === 0 ? await regenerateSecret(actor(), created.id, { overlap_s: 600 }) : created;
      await sealWithOldKey(created.id);
      webhooks.push({ path: `/${index}`, secrets: index % 10 === 0 ? [created.secret, secret] : [secret] });
    }
    const answer = { status: 200, body: '{"secret":"whsec_x"}' };
    await once({ scope: "key_1:prj_1", key: "a", request: "POST /" }, async () => answer);
    const [kept] = await db.idempotencyKey.findMany({ where: { scope: "key_1:prj_1" } });
    const context = `idempotency_key.response:key_1:prj_1:a`;
    const plain = installationBox().open(kept?.response ?? "", context);
    await db.idempotencyKey.updateMany({ where: { key: "a" }, data: { response: oldBox.seal(plain, context) } });
    const processor = await db.processor.create({
      data: {
        id: newId("processor"),
        projectId: actor().projectId,
        name: "p",
        url: "https://example.com/",
        createdBy: "u",
      },
    });
    const theirs = oldBox.seal("whsec_theirs", processorSecretContext(processor.id));
    await db.processor.update({ where: { id: processor.id }, data: { secret: theirs } });
    expect((await allSealed()).filter((sealed) => sealed.startsWith(installationBox().currentPrefix))).toEqual([]);

    pump();
    await emitNow();
    const result = await reencryptAll(installationBox(), silent);
    await emitNow();
    await settled();
    expect(result).toEqual({ changed: 62, unreadable: [] });
    const sealed = await allSealed();
    expect(sealed).toHaveLength(60 + 60 + 6 + 1 + 1);
    expect(sealed.filter((text) => !text.startsWith(installationBox().currentPrefix))).toEqual([]);

    expect(target.requests).toHaveLength(120);
    for (const { path, secrets } of webhooks) {
      const requests = target.requests.filter((request) => request.path === path);
      expect(requests).toHaveLength(2);
      for (const { headers, body } of requests) {
        const text = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
        expect(text["x-tenant"]).toBe(`t-${path.slice(1)}`);
        for (const secret of secrets) expect(() => new Webhook(secret ?? "").verify(body, text)).not.toThrow();
      }
    }
    const again = once({ scope: "key_1:prj_1", key: "a", request: "POST /" }, async () => ({ status: 500, body: "" }));
    expect(await again).toMatchObject({ ...answer, replayed: true });
    expect(await reencryptAll(installationBox(), silent)).toEqual({ changed: 0, unreadable: [] });
  });

  it("leaves what neither key opens as it is, names it, and does the rest", async () => {
    const lost = await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    const fine = await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    await sealWithOldKey(fine.id);
    const foreign = createSecretBox({ current: "a-key-that-this-installation-never-had" });
    const sealed = foreign.seal("whsec_lost", secretContext(lost.id));
    await db.webhook.update({ where: { id: lost.id }, data: { secret: sealed } });
    const result = await reencryptAll(installationBox(), silent);
    expect(result).toEqual({ changed: 1, unreadable: [`secret of webhook ${lost.id}`] });
    const row = await db.webhook.findUniqueOrThrow({ where: { id: lost.id } });
    expect(row.secret).toBe(sealed);
    expect(await getWebhook(actor(), lost.id)).toMatchObject({ has_secret: true });
  });

  it("reaches the secrets of provisioners", async () => {
    const [id, lost] = [newId("provisioner"), newId("provisioner")];
    const foreign = createSecretBox({ current: "a-key-that-this-installation-never-had" });
    const context = (provisionerId: string) => `provisioner.secret:${provisionerId}`;
    await db.provisioner.createMany({
      data: [
        { id, name: "ours", url: "https://example.com/", secret: oldBox.seal("whsec_b3Vycw==", context(id)) },
        { id: lost, name: "lost", url: "https://example.com/", secret: foreign.seal("whsec_lost", context(lost)) },
      ],
    });
    const result = await reencryptAll(installationBox(), silent);
    expect(result.unreadable).toContain(`secret of provisioner ${lost}`);
    expect(result.unreadable).not.toContain(`secret of provisioner ${id}`);
    const row = await db.provisioner.findUniqueOrThrow({ where: { id } });
    expect(row.secret).toContain(installationBox().currentPrefix);
    expect(openProvisionerSecret(id, row.secret)).toBe("whsec_b3Vycw==");
    await db.provisioner.deleteMany();
  });

  it("does not undo a rotation of the secret that happens at the same moment", async () => {
    const created = await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    await sealWithOldKey(created.id);
    const [{ secret }] = await Promise.all([
      regenerateSecret(actor(), created.id, { overlap_s: 600 }),
      reencryptAll(installationBox(), silent),
    ]);
    await reencryptAll(installationBox(), silent);
    const row = await db.webhook.findUniqueOrThrow({ where: { id: created.id } });
    expect(openSecret(created.id, row.secret ?? "")).toBe(secret);
    const mine = [
      row.secret,
      ...JSON.parse(JSON.stringify(row.previousSecrets)).map((p: { secret: string }) => p.secret),
    ];
    expect(mine).toHaveLength(2);
    for (const text of mine) expect(text).toContain(installationBox().currentPrefix);
  });

  it("knows every place that seals: a new one has to be added to the tables", () => {
    const callers = execFileSync(
      "git",
      ["grep", "-lE", '\\bseal\\(|from "@/lib/crypto/secret-box"', "--", "lib/*.ts", "lib/**/*.ts"],
      {
        encoding: "utf8",
      },
    );
    const files = callers.split("\n").filter((file) => file !== "" && !/\.test\.ts$/.test(file));
    expect(files.sort()).toEqual([
      "lib/artifacts/secrets.ts",
      "lib/compute/http/secret.ts",
      "lib/crypto/secret-box.ts",
      "lib/http/idempotency.ts",
      "lib/keys/reencrypt.ts",
      "lib/webhooks/secrets.ts",
    ]);
  });
});
