import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProviderError } from "@/lib/compute/provider";
import { launchRequest, newLabel } from "@/lib/compute/testing-contract";
import { vastProvider } from "@/lib/compute/vast/provider";
import { optionsFor } from "@/lib/compute/vast/testing";
import { type FakeVast, OFFER_TAKEN, offer, startFakeVast, TOO_FREQUENT } from "@/lib/compute/vast/testing-server";
import { launchTemplateSchema } from "@/lib/contracts/launch-template";

let fake: FakeVast;
beforeEach(async () => {
  fake = await startFakeVast();
  fake.offers.push(offer(3), offer(1), offer(2));
});
afterEach(() => fake.close());

const calls = (endpoint: string) => fake.calls.filter((call) => call.endpoint === endpoint);

describe("searching", () => {
  it("asks for what the booking needs, for as long as it needs it", async () => {
    const now = new Date();
    const provider = vastProvider(optionsFor(fake, { now: () => now, maxUsdPerGpuHour: 3, minReliability: 0.99 }));
    const until = new Date(now.getTime() + 10 * 3_600_000);
    await provider.start(launchRequest({ gpuType: "H100-SXM", region: "SE,NO", until }));
    expect(calls("search")[0]?.body).toMatchObject({
      type: "on-demand",
      gpu_name: { eq: "H100 SXM" },
      num_gpus: { eq: 2 },
      duration: { gte: 11 * 3600 },
      reliability: { gte: 0.99 },
      verified: { eq: true },
      rentable: { eq: true },
      rented: { eq: false },
      dph_total: { lte: 6 },
      geolocation: { in: ["SE", "NO"] },
      disk_space: { gte: 64 },
      allocated_storage: 64,
      order: [["dph_total", "asc"]],
    });
  });

  it("asks for no country where the region is none", async () => {
    await vastProvider(optionsFor(fake)).start(launchRequest({ region: "eu-north" }));
    expect(calls("search")[0]?.body).not.toHaveProperty("geolocation");
  });

  it("takes one offer that is no array, and says of none that there is no capacity", async () => {
    fake.settings.offersAs = "object";
    const provider = vastProvider(optionsFor(fake));
    await expect(provider.start(launchRequest())).resolves.toMatchObject({ state: "loading" });
    fake.settings.offersAs = "null";
    await expect(provider.start(launchRequest())).rejects.toMatchObject({ kind: "capacity" });
  });
});

describe("renting", () => {
  it("sends the template, and takes the cheapest", async () => {
    const template = launchTemplateSchema.parse({
      image: "acme/train:7",
      env: { MODE: "fast" },
      start_script: "python serve.py",
      ports: [8000],
      disk_gb: 200,
    });
    const label = newLabel();
    await vastProvider(optionsFor(fake)).start(launchRequest({ label, template }));
    expect(calls("create")[0]).toMatchObject({
      path: "/api/v0/asks/1/",
      body: {
        label,
        image: "acme/train:7",
        disk: 200,
        env: { MODE: "fast", "-p 8000:8000": "1" },
        onstart: "python serve.py",
        runtype: "ssh_direct",
        cancel_unavail: true,
      },
    });
  });

  it.each([
    ["410", OFFER_TAKEN],
    ["404", { ...OFFER_TAKEN, status: 404 }],
    ["400", { ...OFFER_TAKEN, status: 400, text: '{"success":false,"error":"invalid_price","msg":"too low"}' }],
  ])("goes on to the next offer when one is refused by %s", async (_status, fault) => {
    fake.script("create", fault, fault);
    const label = newLabel();
    await vastProvider(optionsFor(fake)).start(launchRequest({ label }));
    expect(calls("create").map(({ path }) => path)).toEqual(["/api/v0/asks/1/", "/api/v0/asks/2/", "/api/v0/asks/3/"]);
    expect(fake.ofLabel(label)).toHaveLength(1);
  });

  it("says that there is no capacity when all offers are taken, and what is wrong when all refuse it", async () => {
    const provider = vastProvider(optionsFor(fake));
    fake.script("create", OFFER_TAKEN, OFFER_TAKEN, OFFER_TAKEN);
    await expect(provider.start(launchRequest())).rejects.toMatchObject({ kind: "capacity" });
    const invalid = { ...OFFER_TAKEN, status: 400, text: '{"success":false,"error":"invalid_args","msg":"no image"}' };
    fake.script("create", invalid, invalid, invalid);
    await expect(provider.start(launchRequest())).rejects.toMatchObject({
      kind: "refused",
      message: expect.stringContaining("no image"),
    });
    expect(fake.made).toBe(0);
  });

  it("goes on with the contract whose answer was lost", async () => {
    fake.script("create", { kind: "lost_answer" });
    const label = newLabel();
    const machine = await vastProvider(optionsFor(fake)).start(launchRequest({ label }));
    expect(machine).toMatchObject({ label, externalId: String(fake.ofLabel(label)[0]?.id) });
    expect(fake.made).toBe(1);
  });

  it("does not rent again while it is not known whether it has", async () => {
    fake.script("create", { kind: "reset" });
    const request = launchRequest();
    const provider = vastProvider(optionsFor(fake));
    await expect(provider.start(request)).rejects.toMatchObject({ kind: "unreachable" });
    expect(calls("create")).toHaveLength(1);
    await provider.start(request);
    expect(fake.ofLabel(request.label)).toHaveLength(1);
  });

  it("does not rent again while a contract may still turn up", async () => {
    fake.settings.hiddenFor = 2;
    fake.script("create", { kind: "lost_answer" });
    const request = launchRequest();
    let now = Date.now();
    const provider = vastProvider(optionsFor(fake, { doubtMs: 30_000, now: () => new Date(now) }));
    await expect(provider.start(request)).rejects.toMatchObject({ kind: "unreachable" });
    await expect(provider.start(request)).rejects.toMatchObject({ kind: "unreachable", retryAfterMs: 30_000 });
    now += 10_000;
    await expect(provider.start(request)).resolves.toMatchObject({ label: request.label });
    expect(fake.made).toBe(1);
  });

  it("rents another when no contract has turned up", async () => {
    fake.script("create", { kind: "no_answer" });
    const request = launchRequest();
    let now = Date.now();
    const provider = vastProvider(optionsFor(fake, { timeoutMs: 100, doubtMs: 30_000, now: () => new Date(now) }));
    await expect(provider.start(request)).rejects.toMatchObject({ kind: "unreachable" });
    now += 30_001;
    await provider.start(request);
    expect(fake.ofLabel(request.label)).toHaveLength(1);
  });

  it("goes on to the next offer when a machine is dead as soon as it is rented", async () => {
    fake.settings.bornAs = ["exited"];
    const request = launchRequest();
    await expect(vastProvider(optionsFor(fake)).start(request)).resolves.toMatchObject({ state: "loading" });
    expect(fake.made).toBe(2);
    expect(fake.ofLabel(request.label)).toHaveLength(1);
  });

  it.each([
    ["as it was offered", { maxUsdPerGpuHour: null }],
    ["as the ceiling allows", { maxUsdPerGpuHour: 2.1 }],
  ])("refuses a contract that is not as cheap %s", async (_words, rules) => {
    fake.settings.priceFactor = 1.2;
    const request = launchRequest();
    await expect(vastProvider(optionsFor(fake, rules)).start(request)).rejects.toMatchObject({ kind: "capacity" });
    expect(fake.made).toBe(3);
    expect(fake.ofLabel(request.label)).toEqual([]);
  });

  it("does not go on with a contract that costs more than the ceiling", async () => {
    const request = launchRequest();
    const first = await vastProvider(optionsFor(fake)).start(request);
    for (const contract of fake.ofLabel(request.label)) contract.dph_total = 100;
    const second = await vastProvider(optionsFor(fake, { maxUsdPerGpuHour: 3 })).start(request);
    expect(second.externalId).not.toBe(first.externalId);
    expect(fake.ofLabel(request.label)).toHaveLength(1);
  });

  it("takes no offer above the ceiling, whatever the search gives", async () => {
    const provider = vastProvider(optionsFor(fake, { maxUsdPerGpuHour: 1 }));
    await expect(provider.start(launchRequest())).rejects.toMatchObject({ kind: "capacity" });
    expect(calls("create")).toEqual([]);
  });
});

describe("one label, one machine", () => {
  it("rents one, however many ask one process at once", async () => {
    const request = launchRequest();
    const provider = vastProvider(optionsFor(fake));
    await Promise.all(Array.from({ length: 50 }, () => provider.start(request)));
    expect(fake.made).toBe(1);
  });

  it("keeps one and pays for one, however many processes ask at once", async () => {
    for (let id = 4; id < 60; id += 1) fake.offers.push(offer(id));
    const request = launchRequest();
    const processes = Array.from({ length: 8 }, () => vastProvider(optionsFor(fake)));
    const started = processes.flatMap((provider) => Array.from({ length: 10 }, () => provider.start(request)));
    const outcomes = await Promise.allSettled(started);
    expect(fake.ofLabel(request.label)).toHaveLength(1);
    const [kept] = fake.ofLabel(request.label);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") expect(outcome.value.externalId).toBe(String(kept?.id));
    }
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
  });

  it("lets go of a second contract when it lists", async () => {
    const request = launchRequest();
    const provider = vastProvider(optionsFor(fake));
    const { externalId } = await provider.start(request);
    const [first] = fake.ofLabel(request.label);
    if (!first) throw new Error("Nothing was rented.");
    fake.contracts.set(9999, { ...first, id: 9999 });
    expect(await provider.list()).toMatchObject([{ label: request.label, externalId }]);
    expect(fake.ofLabel(request.label).map(({ id }) => String(id))).toEqual([externalId]);
  });
});

describe("looking", () => {
  it("reads every page of the list, and null for an empty one", async () => {
    fake.settings.nullForEmpty = true;
    const provider = vastProvider(optionsFor(fake));
    expect(await provider.list()).toEqual([]);
    fake.settings.pageSize = 2;
    for (let id = 4; id < 8; id += 1) fake.offers.push(offer(id));
    const labels = Array.from({ length: 5 }, newLabel);
    for (const label of labels) await provider.start(launchRequest({ label }));
    expect((await provider.list()).map(({ label }) => label)).toEqual(labels);
  });

  it("leaves alone what is not ours", async () => {
    const provider = vastProvider(optionsFor(fake));
    const request = launchRequest();
    await provider.start(request);
    const [ours] = fake.ofLabel(request.label);
    if (!ours) throw new Error("Nothing was rented.");
    fake.contracts.set(5000, { ...ours, id: 5000, label: "somebody's own" });
    expect((await provider.list()).map(({ label }) => label)).toEqual([request.label]);
    expect(fake.contracts.has(5000)).toBe(true);
  });

  it.each(["exited", "offline", "unknown", "frozen"])("replaces a machine that is %s", async (status) => {
    const request = launchRequest();
    const provider = vastProvider(optionsFor(fake));
    const first = await provider.start(request);
    fake.become(request.label, status);
    expect(await provider.find(request.label)).toMatchObject({ state: "failed", failure: expect.any(String) });
    const second = await provider.start(request);
    expect(second.externalId).not.toBe(first.externalId);
    expect(fake.ofLabel(request.label).map(({ id }) => String(id))).toEqual([second.externalId]);
  });

  it("does not take an ended contract for a machine while vast.ai lists it on", async () => {
    fake.settings.endedStayListed = true;
    const request = launchRequest();
    const provider = vastProvider(optionsFor(fake));
    await provider.start(request);
    await provider.stop(request.label);
    expect(await provider.find(request.label)).toBeNull();
    expect(await provider.list()).toEqual([]);
    await provider.start(request);
    expect(fake.ofLabel(request.label)).toHaveLength(1);
  });
});

describe("errors", () => {
  it("tells when to come back after a 429 in plain text, later each time", async () => {
    const provider = vastProvider(
      optionsFor(fake, { pace: { spacingMs: { list: 0 }, random: () => 1, wait: async () => {} } }),
    );
    fake.script("list", TOO_FREQUENT, TOO_FREQUENT);
    const refusal = () => provider.find(newLabel()).catch((error: unknown) => error);
    expect(await refusal()).toMatchObject({ kind: "rate_limited", retryAfterMs: 2000 });
    expect(await refusal()).toMatchObject({ kind: "rate_limited", retryAfterMs: 4000 });
    expect(await refusal()).toBeNull();
  });

  it.each([
    ["a key that is not known", { apiKey: "another-key" }, "refused"],
    ["no key", { apiKey: undefined }, "refused"],
    ["a server that is not there", { apiUrl: "http://127.0.0.1:1" }, "unreachable"],
  ])("says %s in words, without the key", async (_words, change, kind) => {
    const options = optionsFor(fake, change);
    const provider = vastProvider(options);
    for (const call of [
      () => provider.list(),
      () => provider.start(launchRequest()),
      () => provider.stop(newLabel()),
      () => provider.find(newLabel()),
    ]) {
      const error = await call().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ kind });
      if (options.apiKey) expect(String((error as Error).stack)).not.toContain(options.apiKey);
    }
    expect(fake.made).toBe(0);
  });

  it("decides nothing on half a list", async () => {
    const provider = vastProvider(optionsFor(fake));
    fake.script("list", { kind: "answer", status: 200, text: '{"instances":[{"id":' });
    await expect(provider.list()).rejects.toMatchObject({ kind: "unreachable" });
    fake.script("list", { kind: "answer", status: 502, text: "bad gateway" });
    await expect(provider.start(launchRequest())).rejects.toMatchObject({ kind: "unreachable" });
    expect(fake.made).toBe(0);
  });
});
