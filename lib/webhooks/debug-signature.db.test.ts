import { describe, expect, it } from "vitest";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { type debugSignatureBody, debugSignatureBody as schema } from "@/lib/contracts/signature-debugger";
import { db } from "@/lib/db/client";
import { useDeliveries } from "@/lib/queue/testing";
import { debugSignature } from "@/lib/webhooks/debug-signature";
import { regenerateSecret } from "@/lib/webhooks/rotation";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";

const ask = (actor: Actor, body: z.input<typeof debugSignatureBody>) =>
  debugSignature(actor, schema.parse(body), new Date());

describe("the signature debugger", () => {
  const { actor, emitOne, receiver, pump, settled } = useDeliveries();

  /** A delivery as it arrived somewhere. */
  async function received(signing: "hmac" | "ed25519" = "hmac") {
    const target = await receiver();
    const webhook = await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], signing });
    pump();
    await emitOne({ b: 1.5, a: "Zürich" });
    await settled();
    const [request] = target.requests;
    if (!request) throw new Error("Nothing arrived.");
    return { webhook, headers: JSON.stringify(request.headers), body: request.body };
  }

  it.each(["hmac", "ed25519"] as const)(
    "checks a delivery (%s) with the stored secret alone, without showing it",
    async (signing) => {
      const { webhook, headers, body } = await received(signing);
      const diagnosis = await ask(actor(), { headers, body });
      expect(diagnosis).toMatchObject({ valid: true, faults: [], webhook_id: webhook.id });
      expect(JSON.stringify(diagnosis)).not.toMatch(/wh(sec|sk)_/);
      expect(await ask(actor(), { headers, body: `${body}\n` })).toMatchObject({ faults: [{ code: "body_newlines" }] });
    },
  );

  it("compares with the body as it was sent, and with the webhook's secrets old and new", async () => {
    const { webhook, headers, body } = await received();
    const { id, type, timestamp, data } = JSON.parse(body);
    const reordered = JSON.stringify({ data: { a: data.a, b: data.b }, timestamp, type, id });
    expect(await ask(actor(), { headers, body: reordered })).toMatchObject({ faults: [{ code: "body_reserialised" }] });
    expect(await ask(actor(), { headers, body: body.replace("1.5", "15") })).toMatchObject({
      faults: [{ code: "body_changed" }],
    });
    const wrong = { headers, body, secret: "whsec_c29tZSBvdGhlciBzZWNyZXQgb2YgMzIgYnl0ZXMh" };
    expect(await ask(actor(), wrong)).toMatchObject({ faults: [{ code: "secret_wrong" }] });
    const rotated = await regenerateSecret(actor(), webhook.id, { overlap_s: 3600 });
    expect(await ask(actor(), { headers, body, secret: rotated.secret ?? "" })).toMatchObject({
      faults: [{ code: "secret_old" }],
    });
    expect(await ask(actor(), { headers, body, secret: webhook.secret ?? "" })).toMatchObject({ valid: true });
  });

  it("knows nothing of other projects: neither their webhooks nor what was sent", async () => {
    const { webhook, headers, body } = await received();
    const stranger = await createTestProject();
    await expect(ask(stranger, { headers, body, webhook_id: webhook.id })).rejects.toMatchObject({ code: "not_found" });
    expect(await ask(stranger, { headers, body })).toMatchObject({
      webhook_id: null,
      faults: [{ code: "secret_missing" }],
    });
    const guess = await ask(stranger, { headers, body: "{}", secret: "sixteen-characters" });
    expect(guess.faults.map(({ code }) => code)).toEqual(["no_match"]);
  });

  it("is for those who may see webhooks, and stores nothing", async () => {
    const { headers, body } = await received();
    const nobody: Actor = { ...testActor(actor().projectId, "viewer"), permissions: new Set() };
    await expect(ask(nobody, { headers, body })).rejects.toMatchObject({ code: "forbidden" });
    const canary = "canary-secret-of-somebody-1234";
    await ask(testActor(actor().projectId, "viewer"), { headers, body, secret: canary });
    const tables = await db.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
    for (const { name } of tables) {
      const [found] = await db.$queryRawUnsafe<{ n: number }[]>(
        `SELECT count(*)::int AS n FROM "${name}" t WHERE t::text LIKE '%${canary}%'`,
      );
      expect(found?.n, name).toBe(0);
    }
  });
});
