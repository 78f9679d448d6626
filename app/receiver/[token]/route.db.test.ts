import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { RECEIVER_LIMITS } from "@/lib/contracts/receiver";
import { db } from "@/lib/db/client";
import { isId } from "@/lib/ids";
import { newReceiverToken } from "@/lib/receiver/service";
import { makeDelivery, makeReceiver } from "@/lib/receiver/testing";
import { generateSecret } from "@/lib/webhooks/signing-key";
import { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from "./route";

const HANDLERS = { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS };
type Method = keyof typeof HANDLERS;
const WITH_BODY: Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

async function call(token: string, { method = "POST", ...init }: RequestInit & { method?: Method } = {}) {
  const request = new Request(`http://localhost:3000/receiver/${token}`, { method, ...init });
  return HANDLERS[method](request, { params: Promise.resolve({ token }) });
}

/** Node.js wants to be told; the types of browsers do not know the word. */
function streamed(body: ReadableStream<Uint8Array>) {
  return { body, duplex: "half" };
}

async function kept(projectId: string) {
  return db.receiverRequest.findMany({ where: { projectId }, orderBy: { id: "desc" } });
}

describe("the test receiver", () => {
  it.each(WITH_BODY)("keeps a %s and answers as told", async (method) => {
    const { projectId, token } = await makeReceiver();
    const response = await call(token, { method, headers: { "x-webhook-event": "gpu.added" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const { received, signature } = await response.json();
    expect(signature).toBe("unknown");
    const [row, ...others] = await kept(projectId);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ id: received, method, answeredStatus: 200, eventType: "gpu.added", deliveryId: null });
    expect(isId("receiverRequest", received)).toBe(true);
  });

  it("keeps a HEAD and answers it without a body", async () => {
    const { projectId, token } = await makeReceiver();
    const response = await call(token, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(await kept(projectId)).toHaveLength(1);
  });

  it("keeps the body byte for byte, whatever it holds", async () => {
    const { projectId, token } = await makeReceiver();
    const body = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    await call(token, { body });
    const [row] = await kept(projectId);
    expect(Buffer.from(row?.body ?? []).equals(Buffer.from(body))).toBe(true);
    expect(row?.truncated).toBe(false);
  });

  it("masks the caller's credentials and keeps the other headers", async () => {
    const { projectId, token } = await makeReceiver();
    const headers = {
      authorization: "Bearer abc123",
      cookie: "session=abc123",
      "x-api-key": "abc123",
      "x-trace": "t1",
    };
    await call(token, { headers, body: "{}" });
    const [row] = await kept(projectId);
    expect(row?.headers).toMatchObject({ "x-trace": "t1" });
    expect(Object.keys(row?.headers ?? {})).toEqual(expect.arrayContaining(Object.keys(headers)));
    expect(JSON.stringify(row?.headers)).not.toContain("abc123");
  });

  it.each([204, 205, 304])("answers %i without a body", async (status) => {
    const { projectId, token } = await makeReceiver();
    await db.receiver.update({ where: { projectId }, data: { status } });
    const response = await call(token, { body: "{}" });
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
    expect(await kept(projectId)).toMatchObject([{ answeredStatus: status }]);
  });

  it.each([301, 410, 429, 503, 599])("answers %i with what it received", async (status) => {
    const { projectId, token } = await makeReceiver();
    await db.receiver.update({ where: { projectId }, data: { status } });
    const response = await call(token, { body: "{}" });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ received: (await kept(projectId))[0]?.id, signature: "unknown" });
  });

  it("answers alike for tokens that never were, were once, or cannot be", async () => {
    const gone = await makeReceiver();
    await db.project.delete({ where: { id: gone.projectId } });
    const answers = await Promise.all(
      [newReceiverToken(), gone.token, "x", "%00"].map(async (token) => {
        const response = await call(token, { body: "{}" });
        const { request_id, ...problem } = await response.json();
        expect(request_id).toBe(response.headers.get("x-request-id"));
        return { status: response.status, type: response.headers.get("content-type"), problem };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 404, problem: { code: "not_found" } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});

describe("large bodies", () => {
  it("checks the signature of the whole body and keeps its beginning", async () => {
    const { projectId, token } = await makeReceiver();
    const { headers, deliveryId } = await makeDelivery(projectId, { secret: null });
    const body = "x".repeat(RECEIVER_LIMITS.bodyBytes + 1);
    expect((await call(token, { headers, body })).status).toBe(200);
    const [row] = await kept(projectId);
    expect(row).toMatchObject({ truncated: true, signature: "unsigned", deliveryId });
    expect(row?.body.byteLength).toBe(RECEIVER_LIMITS.bodyBytes);
  });

  it("takes exactly as much as it reads, and answers 413 to one byte more without counting it as a failure", async () => {
    const { projectId, token } = await makeReceiver({ failNext: 1, failStatus: 503 });
    const response = await call(token, { body: "x".repeat(RECEIVER_LIMITS.readBytes + 1) });
    expect(response.status).toBe(413);
    expect(response.headers.get("connection")).toBe("close");
    expect(await kept(projectId)).toMatchObject([{ answeredStatus: 413, truncated: true }]);
    expect(await db.receiver.findUnique({ where: { projectId } })).toMatchObject({ failNext: 1 });
    expect((await call(token, { body: "x".repeat(RECEIVER_LIMITS.readBytes) })).status).toBe(503);
  });

  it("stops reading a body that has no end", async () => {
    const { token } = await makeReceiver();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const response = await call(token, streamed(endless));
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(30);
  });

  it("keeps nothing of a request that breaks off", async () => {
    const { projectId, token } = await makeReceiver();
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("connection reset"));
      },
    });
    await call(token, streamed(broken));
    expect(await kept(projectId)).toEqual([]);
  });
});

describe("signatures", () => {
  it("finds the delivery's webhook and checks with its secret", async () => {
    const { projectId, token } = await makeReceiver();
    const { headers, body, deliveryId } = await makeDelivery(projectId, { secret: generateSecret() });
    expect(await (await call(token, { headers, body })).json()).toMatchObject({ signature: "valid" });
    expect(await (await call(token, { headers, body: `${body} ` })).json()).toMatchObject({ signature: "invalid" });
    expect(await kept(projectId)).toMatchObject([
      { signature: "invalid", deliveryId, eventType: "instance.started" },
      { signature: "valid", deliveryId, eventType: "instance.started" },
    ]);
  });

  it("calls a delivery of a webhook without a secret unsigned", async () => {
    const { projectId, token } = await makeReceiver();
    const { headers, body } = await makeDelivery(projectId, { secret: null });
    expect(await (await call(token, { headers, body })).json()).toMatchObject({ signature: "unsigned" });
  });

  it("knows nothing of another project's deliveries", async () => {
    const { projectId, token } = await makeReceiver();
    const other = await makeReceiver();
    const { headers, body } = await makeDelivery(other.projectId, { secret: generateSecret() });
    expect(await (await call(token, { headers, body })).json()).toMatchObject({ signature: "unknown" });
    expect(await kept(projectId)).toMatchObject([{ signature: "unknown", deliveryId: null }]);
  });

  it("says so when the secret was encrypted with another key", async () => {
    const { projectId, token } = await makeReceiver();
    const { headers, body, webhookId } = await makeDelivery(projectId, { secret: generateSecret() });
    await db.webhook.update({
      where: { id: webhookId },
      data: { secret: "v1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA" },
    });
    expect((await call(token, { headers, body })).status).toBe(200);
    expect(await kept(projectId)).toMatchObject([
      { signature: "invalid", signatureNote: expect.stringContaining("cannot be decrypted") },
    ]);
  });
});

describe("the delay", () => {
  it("holds back the answer, not the record, and ends when the caller leaves", async () => {
    const { projectId, token } = await makeReceiver();
    await db.receiver.update({ where: { projectId }, data: { delayMs: RECEIVER_LIMITS.longestDelayMs } });
    const caller = new AbortController();
    let answered = false;
    const answer = call(token, { body: "{}", signal: caller.signal }).then((response) => {
      answered = true;
      return response;
    });
    while ((await kept(projectId)).length === 0) await sleep(10);
    expect(answered).toBe(false);
    caller.abort();
    expect((await answer).status).toBe(499);
    expect(await kept(projectId)).toMatchObject([{ delayMs: RECEIVER_LIMITS.longestDelayMs, answeredStatus: 200 }]);
  });
});
