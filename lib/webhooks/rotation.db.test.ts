import { subtle } from "node:crypto";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { GET as getJwks } from "@/app/api/v1/webhooks/[webhook_id]/jwks.json/route";
import type { JsonWebKeySet } from "@/lib/contracts/webhook-secrets";
import { jwksSchema, regenerateSecretBody } from "@/lib/contracts/webhook-secrets";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { until, useDeliveries } from "@/lib/queue/testing";
import { getDelivery } from "@/lib/webhooks/delivery-queries";
import { generatePrivateKey } from "@/lib/webhooks/ed25519";
import { regenerateSecret, revokePreviousSecret } from "@/lib/webhooks/rotation";
import { getWebhook, testWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestWebhook, type ReceivedRequest } from "@/lib/webhooks/testing";

const stripe = new Stripe("sk_test_unused");

/** Judged by the libraries that receivers use. */
function accepts(secret: string | null, request: ReceivedRequest | undefined): boolean {
  if (secret === null || !request) throw new Error("There is nothing to judge.");
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const judge = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });
  const verdicts = [
    () => judge.verify(request.body, headers),
    () => stripe.webhooks.constructEvent(request.body, headers["x-webhook-signature"] ?? "", secret),
  ].map((verify) => {
    try {
      verify();
      return true;
    } catch {
      return false;
    }
  });
  if (verdicts[0] !== verdicts[1]) throw new Error("The two schemes disagree.");
  return verdicts[0] ?? false;
}

async function jwksOf(webhookId: string): Promise<Response> {
  return getJwks(new Request(`http://localhost:3000/api/v1/webhooks/${webhookId}/jwks.json`), {
    params: Promise.resolve({ webhook_id: webhookId }),
  });
}

async function acceptsByJwks({ keys }: JsonWebKeySet, request: ReceivedRequest | undefined): Promise<boolean[]> {
  if (!request) throw new Error("There is nothing to judge.");
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": header } = request.headers;
  const signatures = String(header)
    .split(" ")
    .filter((part) => part.startsWith("v1a,"));
  return Promise.all(
    keys.map(async (jwk) => {
      const key = await subtle.importKey("jwk", jwk, "Ed25519", false, ["verify"]);
      const message = Buffer.from(`${id}.${timestamp}.${request.body}`);
      const verdicts = await Promise.all(
        signatures.map((part) => subtle.verify("Ed25519", key, Buffer.from(part.slice(4), "base64"), message)),
      );
      return verdicts.includes(true);
    }),
  );
}

describe("rotation", () => {
  const { actor, emitOne, receiver, pump, settled } = useDeliveries();
  const rotate = (id: string, body: Parameters<typeof regenerateSecretBody.parse>[0] = {}) =>
    regenerateSecret(actor(), id, regenerateSecretBody.parse(body));

  it("signs with the old and the new secret during the overlap, retries begun before it included", async () => {
    let status = 500;
    const target = await receiver((_request, response) => response.writeHead(status).end());
    const created = await createTestWebhook(actor(), {
      url: target.url(),
      event_types: ["*"],
      retry: { delays_s: [3600] },
    });
    pump();
    const id = await emitOne();
    await until("the first attempt", async () => (await getDelivery(actor(), id)).attempts.length === 1);
    const rotated = await rotate(created.id);
    status = 200;
    await db.delivery.update({ where: { id }, data: { nextAttemptAt: new Date() } });
    await settled();

    const [before, after] = target.requests;
    expect([accepts(created.secret, before), accepts(rotated.secret, before)]).toEqual([true, false]);
    expect([accepts(created.secret, after), accepts(rotated.secret, after)]).toEqual([true, true]);
    expect(String(after?.headers["webhook-signature"]).split(" ")).toHaveLength(2);
    expect(after?.headers["x-webhook-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
  });

  it("shows the old one without its secret, for a day unless told", async () => {
    const created = await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    const { previous_secrets } = await rotate(created.id);
    expect(previous_secrets).toEqual([
      {
        id: expect.stringMatching(/^sec_/),
        signing: "hmac",
        created_at: expect.any(String),
        expires_at: expect.any(String),
      },
    ]);
    const [old] = previous_secrets;
    expect(Date.parse(old?.expires_at ?? "") - Date.parse(old?.created_at ?? "")).toBe(86_400_000);
    const row = await db.webhook.findUniqueOrThrow({ where: { id: created.id } });
    expect(JSON.stringify(row, (_key, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      "whsec_",
    );
  });

  it("ends the old secret at once without overlap, when it is revoked, and when its time is over", async () => {
    const target = await receiver();
    const created = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    pump();
    const sent = async () => {
      const seen = target.requests.length;
      await emitOne();
      await settled();
      return target.requests[seen];
    };
    const second = await rotate(created.id, { overlap_s: 0 });
    expect(second.previous_secrets).toEqual([]);
    expect(accepts(created.secret, await sent())).toBe(false);

    const third = await rotate(created.id, { overlap_s: 3600 });
    expect(accepts(second.secret, await sent())).toBe(true);
    const [previous] = third.previous_secrets;
    const revoked = await revokePreviousSecret(actor(), created.id, previous?.id ?? "");
    expect(revoked.previous_secrets).toEqual([]);
    const afterwards = await sent();
    expect([accepts(second.secret, afterwards), accepts(third.secret, afterwards)]).toEqual([false, true]);
    await expect(revokePreviousSecret(actor(), created.id, previous?.id ?? "")).rejects.toMatchObject({
      code: "not_found",
    });

    const fourth = await rotate(created.id, { overlap_s: 3600 });
    const row = await db.webhook.findUniqueOrThrow({ where: { id: created.id } });
    const aged = JSON.parse(JSON.stringify(row.previousSecrets));
    aged[0].expires_at = new Date(Date.now() - 1).toISOString();
    await db.webhook.update({ where: { id: created.id }, data: { previousSecrets: aged } });
    expect((await getWebhook(actor(), created.id)).previous_secrets).toEqual([]);
    const last = await sent();
    expect([accepts(third.secret, last), accepts(fourth.secret, last)]).toEqual([false, true]);
    await updateWebhook(actor(), created.id, { description: "changed" });
    expect((await db.webhook.findUniqueOrThrow({ where: { id: created.id } })).previousSecrets).toEqual([]);
  });

  it("lets five old secrets sign and refuses a sixth, saying what helps", async () => {
    const created = await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    for (let index = 0; index < 5; index += 1) await rotate(created.id);
    await expect(rotate(created.id)).rejects.toMatchObject({ code: "conflict", message: /Revoke one.*"overlap_s": 0/ });
    expect((await rotate(created.id, { overlap_s: 0 })).previous_secrets).toHaveLength(5);
  });

  it("keeps every secret when rotations come at once", async () => {
    const created = await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => rotate(created.id)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    expect((await getWebhook(actor(), created.id)).previous_secrets).toHaveLength(5);
  });

  it("takes a secret of one's own, and refuses one that cannot sign so", async () => {
    const created = await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    expect((await rotate(created.id, { secret: "my-own-secret-long" })).secret).toBe("my-own-secret-long");
    for (const body of [
      { secret: "my-own-secret-long", signing: "ed25519" },
      { secret: generatePrivateKey() },
      { secret: generatePrivateKey(), signing: "hmac" },
    ]) {
      await expect(rotate(created.id, body)).rejects.toMatchObject({
        code: "validation_failed",
        errors: [{ field: "secret", message: expect.stringContaining("Ed25519") }],
      });
    }
    for (const body of [{ overlap_s: -1 }, { overlap_s: 604_801 }, { overlap_s: 1.5 }, { secret: "short" }]) {
      expect(regenerateSecretBody.safeParse(body).success).toBe(false);
    }
  });

  it("goes on with the new secret alone where the old one cannot be opened any more", async () => {
    const target = await receiver();
    const created = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    await db.webhook.update({ where: { id: created.id }, data: { secret: "v2.00000000.AAAA.AAAA" } });
    const rotated = await rotate(created.id);
    expect(rotated.previous_secrets).toEqual([]);
    pump();
    await emitOne();
    await settled();
    expect(accepts(rotated.secret, target.requests[0])).toBe(true);
  });
});

describe("a webhook that signs with Ed25519", () => {
  const { actor, emitOne, receiver, pump, settled } = useDeliveries();

  it("is verified by its published keys, the old one too while a rotation overlaps", async () => {
    const target = await receiver();
    const created = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], signing: "ed25519" });
    expect(created).toMatchObject({
      signing: "ed25519",
      secret: expect.stringMatching(/^whsk_/),
      public_key: expect.stringMatching(/^whpk_/),
    });
    const rotated = await regenerateSecret(actor(), created.id, { overlap_s: 3600 });
    expect(rotated.public_key).not.toBe(created.public_key);
    pump();
    await emitOne();
    await settled();

    const response = await jwksOf(created.id);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    const text = await response.text();
    expect(text).not.toContain('"d"');
    const jwks = jwksSchema.parse(JSON.parse(text));
    expect(jwks.keys).toHaveLength(2);
    expect(new Set(jwks.keys.map(({ kid }) => kid)).size).toBe(2);
    const [request] = target.requests;
    expect(request?.headers["webhook-signature"]).toMatch(/^v1a,\S+ v1a,\S+$/);
    expect(request?.headers).not.toHaveProperty("x-webhook-signature");
    expect(await acceptsByJwks(jwks, request)).toEqual([true, true]);
    expect(await acceptsByJwks(jwks, request && { ...request, body: `${request.body} ` })).toEqual([false, false]);
  });

  it("serves both kinds of receivers while it changes from a shared secret", async () => {
    const target = await receiver();
    const created = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    expect((await jwksOf(created.id)).status).toBe(404);
    await regenerateSecret(actor(), created.id, { overlap_s: 3600, signing: "ed25519" });
    pump();
    await emitOne();
    await settled();
    const [request] = target.requests;
    expect(accepts(created.secret, request)).toBe(true);
    const jwks = jwksSchema.parse(await (await jwksOf(created.id)).json());
    expect(await acceptsByJwks(jwks, request)).toEqual([true]);
  });

  it("publishes nothing for webhooks that are gone, never were, or share a secret", async () => {
    for (const id of [newId("webhook"), "nonsense"]) expect((await jwksOf(id)).status).toBe(404);
  });

  it("takes a key of one's own, and no other secret", async () => {
    const own = generatePrivateKey();
    const body = { url: "https://example.com/", event_types: ["*"], signing: "ed25519" as const };
    expect((await createTestWebhook(actor(), { ...body, secret: own })).secret).toBe(own);
    await expect(createTestWebhook(actor(), { ...body, secret: "sixteen-characters" })).rejects.toMatchObject({
      code: "validation_failed",
    });
    await expect(createTestWebhook(actor(), { ...body, secret: null })).rejects.toMatchObject({
      code: "validation_failed",
    });
  });
});

describe("a tampered test", () => {
  const { actor, emitOne, receiver, pump, settled } = useDeliveries();

  it.each(["hmac", "ed25519"] as const)(
    "is signed (%s) by no secret, once, and leaves real events alone",
    async (signing) => {
      const target = await receiver((_request, response) => response.writeHead(401).end());
      const { id, secret } = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], signing });
      pump();
      const forged = await testWebhook(actor(), id, { signature: "tampered" });
      await settled();
      const deliveryId = forged.deliveries[0]?.id ?? "";
      expect(await getDelivery(actor(), deliveryId)).toMatchObject({
        status: "failed",
        attempt_count: 1,
        max_attempts: 1,
        http_status: 401,
        event: { source: "forged_test" },
        attempts: [{ trigger: "test" }],
      });
      await emitOne();
      await until("the real one", () => target.requests.length === 2);
      const [test, real] = target.requests;
      if (signing === "hmac") {
        expect([accepts(secret, test), accepts(secret, real)]).toEqual([false, true]);
      } else {
        const jwks = jwksSchema.parse(await (await jwksOf(id)).json());
        expect([await acceptsByJwks(jwks, test), await acceptsByJwks(jwks, real)]).toEqual([[false], [true]]);
      }
    },
  );

  it("needs a secret to be wrong about", async () => {
    const { id } = await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"], secret: null });
    await expect(testWebhook(actor(), id, { signature: "tampered" })).rejects.toMatchObject({ code: "conflict" });
  });
});
