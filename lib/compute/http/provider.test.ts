import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createHttpProvider } from "@/lib/compute/http/provider";
import { type ReferenceProvisioner, startReferenceProvisioner } from "@/lib/compute/http/testing";
import type { ProviderError } from "@/lib/compute/provider";
import { launchRequest, newLabel } from "@/lib/compute/testing-contract";
import { launchTemplateSchema } from "@/lib/contracts/launch-template";
import { createEgressPolicy } from "@/lib/net/address";
import { createGuardedClient } from "@/lib/net/guarded-request";
import { generateSecret } from "@/lib/webhooks/signing-key";
import { type ReceivedRequest, startReceiver, type TestReceiver } from "@/lib/webhooks/testing";

const client = createGuardedClient({ policy: createEgressPolicy(["127.0.0.0/8"]) });
const secret = generateSecret();
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(() => client.close());

/** A provisioner that answers as it is told. */
async function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const receiver: TestReceiver = await startReceiver((_request, response) => {
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  open.push(receiver.close);
  const contacts: (ProviderError | null)[] = [];
  const target = { url: receiver.url("/dumont"), secret, client, deadlineMs: 5_000 };
  const provider = createHttpProvider(target, (error) => {
    contacts.push(error);
  });
  return { provider, requests: receiver.requests, contacts };
}

function machine(change: Record<string, unknown> = {}) {
  return { label: "dumont:a", id: "m-1", state: "running", address: { host: "10.0.0.5", port: 22 }, ...change };
}

describe("what is sent", () => {
  it("is signed as webhooks are, in both schemes, and says in its body what is to be done", async () => {
    const { provider, requests } = await answering(200, { machine: machine() });
    const template = launchTemplateSchema.parse({ image: "acme/train:7", env: { A: "b" } });
    const until = new Date("2026-12-01T00:00:00Z");
    await provider.start(launchRequest({ label: "dumont:a", template, until }));
    const [{ path, headers, body }] = requests as [ReceivedRequest];
    expect(path).toBe("/dumont");
    expect(JSON.parse(body)).toEqual({
      operation: "start",
      label: "dumont:a",
      gpu_type: "H100 SXM",
      gpu_count: 2,
      node_name: "node-a",
      region: "eu-north",
      until: "2026-12-01T00:00:00.000Z",
      template: { image: "acme/train:7", env: { A: "b" }, start_script: "", ports: [], disk_gb: 64, gpu_type: null },
    });
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    expect(new Webhook(secret).verify(body, plain)).toMatchObject({ operation: "start" });
    const stripe = new Stripe("sk_test_x");
    expect(stripe.webhooks.constructEvent(body, plain["x-webhook-signature"] ?? "", secret)).toBeTruthy();
  });

  it("carries another id each time", async () => {
    const { provider, requests } = await answering(200, { machine: null });
    await provider.find("dumont:a");
    await provider.find("dumont:a");
    expect(new Set(requests.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
  });

  it("follows the cursor of a list and leaves out what is not ours", async () => {
    const receiver = await startReceiver(({ body }, response) => {
      const { cursor } = JSON.parse(body) as { cursor: string | null };
      const page = cursor === null ? [machine(), machine({ label: "somebody's" })] : [machine({ label: "dumont:b" })];
      response.end(JSON.stringify({ machines: page, next_cursor: cursor === null ? "2" : null }));
    });
    open.push(receiver.close);
    const provider = createHttpProvider({ url: receiver.url(), secret, client });
    expect((await provider.list()).map(({ label }) => label)).toEqual(["dumont:a", "dumont:b"]);
  });
});

describe("what comes back", () => {
  it("becomes a machine, a snapshot, a problem", async () => {
    const { provider } = await answering(200, { machine: machine({ details: { rack: 7 } }) });
    expect(await provider.find("dumont:a")).toEqual({
      label: "dumont:a",
      externalId: "m-1",
      state: "running",
      address: { host: "10.0.0.5", port: 22, url: null },
      failure: null,
      details: { rack: 7 },
    });
    const problems = [
      { node_name: "node-a", cause: "no power" },
      { node_name: "node-z", cause: "nobody asked" },
    ];
    const health = await answering(200, { ok: true, problems });
    expect(await health.provider.problems(["node-a"])).toEqual([{ nodeName: "node-a", cause: "no power" }]);
  });

  it.each([
    ["a field is missing", { machine: { label: "dumont:a", state: "running" } }, /machine\.id/],
    ["a state is unknown", { machine: machine({ state: "sleeping" }) }, /machine\.state/],
    ["the label is another", { machine: machine({ label: "dumont:b" }) }, /another label/],
    ["a text cannot be stored", { machine: machine({ failure: "\u0000" }) }, /cannot be stored/],
    ["the URL is none of the web", { machine: machine({ address: { host: "h", url: "javascript:x" } }) }, /url/],
  ])("is refused when %s", async (_words, body, message) => {
    const { provider } = await answering(200, body);
    await expect(provider.find("dumont:a")).rejects.toMatchObject({
      kind: "refused",
      message: expect.stringMatching(message),
    });
  });

  it("is refused when a snapshot has a checksum that is none", async () => {
    const snapshot = { state: "completed", id: "s", location: "x", size_bytes: 1, checksums: { a: "md5:x" } };
    const { provider } = await answering(200, { snapshot });
    const request = { snapshotId: "snp_1", label: newLabel(), name: "x" };
    await expect(provider.snapshot(request)).rejects.toMatchObject({ kind: "refused" });
  });

  it.each([
    [409, { error: "capacity", message: "All taken." }, {}, { kind: "capacity", message: "All taken." }],
    [429, { error: "rate_limited", retry_after_ms: 1500 }, {}, { kind: "rate_limited", retryAfterMs: 1500 }],
    [429, "slow down", { "retry-after": "7" }, { kind: "rate_limited", retryAfterMs: 7000 }],
    [401, "no", {}, { kind: "refused", message: expect.stringContaining("signature") }],
    [501, "", {}, { kind: "unsupported" }],
    [500, "<html>", {}, { kind: "unreachable" }],
    [503, "", { "retry-after": "30" }, { kind: "unreachable", retryAfterMs: 30_000 }],
    [404, "", {}, { kind: "refused" }],
    [302, "", { location: "http://127.0.0.1:1/" }, { kind: "refused", message: expect.stringContaining("redirects") }],
    [200, "<html>welcome</html>", {}, { kind: "unreachable", message: expect.stringContaining("not JSON") }],
    [200, `{"x":"${"y".repeat(3_000_000)}"}`, {}, { kind: "unreachable", message: expect.stringContaining("2 MiB") }],
    [400, { error: "refused", message: "a\nb\u001b[31m" }, {}, { kind: "refused", message: "a b [31m" }],
  ])("is an error with its kind for %i", async (status, body, headers, expected) => {
    const { provider, contacts } = await answering(status, body, headers);
    await expect(provider.find("dumont:a")).rejects.toMatchObject(expected);
    expect(contacts).toMatchObject([expected]);
  });

  it("is an error in words when there is no answer, or none in time", async () => {
    const gone = await startReceiver();
    await gone.close();
    const nobody = createHttpProvider({ url: gone.url(), secret, client });
    await expect(nobody.list()).rejects.toMatchObject({ kind: "unreachable" });
    const silent = await startReceiver(() => {});
    open.push(silent.close);
    const slow = createHttpProvider({ url: silent.url(), secret, client, deadlineMs: 50 });
    await expect(slow.list()).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("provisioner"),
    });
  });

  it("is never asked for at an internal address that the operator has not allowed", async () => {
    const guarded = createGuardedClient({ policy: createEgressPolicy([]), http: "everywhere" });
    open.push(() => guarded.close());
    const receiver = await startReceiver();
    open.push(receiver.close);
    const provider = createHttpProvider({ url: receiver.url(), secret, client: guarded });
    await expect(provider.list()).rejects.toMatchObject({ kind: "refused" });
    expect(receiver.requests).toEqual([]);
  });
});

describe("the reference provisioner", () => {
  let reference: ReferenceProvisioner | undefined;
  afterEach(async () => {
    await reference?.close();
    reference = undefined;
  });

  const providerOf = ({ url, secret: own }: ReferenceProvisioner) => createHttpProvider({ url, secret: own, client });

  it("knows its machines again after a crash, and they have run on", async () => {
    reference = await startReferenceProvisioner();
    const provider = providerOf(reference);
    const request = launchRequest();
    const { externalId } = await provider.start(request);
    await reference.crash();
    expect(await provider.find(request.label)).toMatchObject({ externalId, state: "running" });
    expect(await provider.start(request)).toMatchObject({ externalId });
    expect(await provider.stop(request.label)).toBeNull();
  });

  it("gives out each GPU once, and again when it is free", async () => {
    reference = await startReferenceProvisioner({ PROVISIONER_GPUS: "4" });
    const provider = providerOf(reference);
    const [first, second, third] = [launchRequest(), launchRequest(), launchRequest()] as const;
    const started = [await provider.start(first), await provider.start(second)];
    expect(started.map(({ details }) => details.gpus)).toEqual(["0,1", "2,3"]);
    await expect(provider.start(third)).rejects.toMatchObject({ kind: "capacity" });
    await provider.stop(first.label);
    expect(await provider.start(third)).toMatchObject({ details: { gpus: "0,1" } });
    await provider.stop(second.label);
    await provider.stop(third.label);
  });

  it("runs the start script with the environment of the template, and snapshots what it has written", async () => {
    reference = await startReferenceProvisioner();
    const provider = providerOf(reference);
    const template = launchTemplateSchema.parse({
      image: "none",
      env: { GREETING: "hello" },
      start_script: 'echo "$GREETING" > greeting',
    });
    const { label } = await provider.start(launchRequest({ template }));
    const request = { snapshotId: "snp_test", label, name: "x" };
    await expect.poll(async () => (await provider.snapshot(request)).state).toBe("completed");
    expect(await provider.snapshot(request)).toMatchObject({ location: expect.stringContaining("snp_test.tar") });
    await provider.stop(label);
  });
});
