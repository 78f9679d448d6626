import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createHttpProvider, provisionerClient } from "@/lib/compute/http/provider";
import { createProvisioner } from "@/lib/compute/http/service";
import { startReferenceProvisioner } from "@/lib/compute/http/testing";
import { stopOrphans } from "@/lib/compute/orphans";
import { providerOf } from "@/lib/compute/providers";
import { reconcile } from "@/lib/compute/reconcile";
import { clearCompute, clock, instancesOf, live, onlyInstance, seconds } from "@/lib/compute/testing";
import { vastProvider } from "@/lib/compute/vast/provider";
import { optionsFor } from "@/lib/compute/vast/testing";
import { offer, startFakeVast } from "@/lib/compute/vast/testing-server";
import { db } from "@/lib/db/client";
import { updatePool } from "@/lib/fleet/pools";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { passTime } from "@/lib/reservations/life-cycle";
import { bookHours, createCustomer, hour } from "@/lib/reservations/testing";

const admin = { subject: { kind: "user" as const, id: "usr_admin" } };
const closing: (() => Promise<void>)[] = [];

const START = {
  gpuType: "H100 SXM",
  gpuCount: 2,
  nodeName: "x",
  region: "x",
  until: new Date(Date.now() + 3_600_000),
  template: { image: "x", env: {}, start_script: "", ports: [], disk_gb: 8, gpu_type: null },
};

beforeEach(clearCompute);
afterAll(async () => {
  for (const close of closing) await close();
});

describe("a reservation of a pool whose machines are one's own", () => {
  it("starts and stops them at the provisioner, found as any worker finds it", async () => {
    const reference = await startReferenceProvisioner({ PROVISIONER_GPUS: "8" });
    closing.push(reference.close);
    const { id: provisionerId } = await createProvisioner(admin, {
      name: "Rack 7",
      url: reference.url,
      secret: reference.secret,
    });
    const pool = await createTestPool({ nodes: 1, lanes: 8, computeProvider: "http", provisionerId });
    const actor = await createCustomer();
    const { id } = await bookHours(actor, pool.id, [1, 2], { gpu_count: 4 });
    const at = async (now: Date) => {
      await passTime({ now });
      await reconcile({ now, providerOf });
    };
    for (let tick = 0; tick < 4; tick += 1) await at(seconds(tick * 5, hour(1)));
    const running = await onlyInstance(id);
    expect(running).toMatchObject({ status: "running", provider: "http", address: { host: "127.0.0.1" } });
    const direct = createHttpProvider({ ...reference, client: provisionerClient() });
    expect(await direct.list()).toMatchObject([{ externalId: running.externalId, details: { gpus: "0,1,2,3" } }]);

    const leave = updatePool(admin, pool.id, { version: 1, compute_provider: "simulated", provisioner_id: null });
    await expect(leave).rejects.toMatchObject({ errors: [{ field: "provisioner_id" }] });

    for (let tick = 0; tick < 4; tick += 1) await at(seconds(tick * 5, hour(2)));
    expect(await onlyInstance(id)).toMatchObject({ status: "stopped", stopReason: "reservation_ended" });
    expect(await direct.list()).toEqual([]);
    await updatePool(admin, pool.id, { version: 1, compute_provider: "simulated", provisioner_id: null });

    // A start that comes to pass after its pool has gone elsewhere.
    const label = `${running.label.slice(0, running.label.lastIndexOf(":") + 1)}${newId("instance")}`;
    await direct.start({ ...START, label });
    expect(await direct.list()).toMatchObject([{ label }]);
    expect(await stopOrphans(new Date())).toEqual({ stopped: 0, unreachable: 0 });
    expect(await stopOrphans(new Date(Date.now() + 3_600_000))).toEqual({ stopped: 1, unreachable: 0 });
    expect(await direct.list()).toEqual([]);
  });
});

describe("a reservation of a pool of vast.ai", () => {
  it("rents once although an answer is lost, clears away what fails, and gives everything back", async () => {
    const fake = await startFakeVast();
    closing.push(fake.close);
    fake.settings.now = () => clock.now;
    const gpuType = await db.gpuType.create({ data: { id: newId("gpuType"), name: "H100-SXM", memoryGb: 80 } });
    for (let id = 1; id < 10; id += 1) fake.offers.push(offer(id, { num_gpus: 8 }));
    const pool = await createTestPool({ nodes: 1, lanes: 8, gpuTypeId: gpuType.id, computeProvider: "vast" });
    const provider = vastProvider(optionsFor(fake, { now: () => clock.now }));
    fake.script("create", { kind: "lost_answer" });
    const actor = await createCustomer();
    const { id } = await bookHours(actor, pool.id, [1, 2], { gpu_count: 8 });
    await live(hour(1), seconds(60, hour(1)), provider);
    const running = await onlyInstance(id);
    expect(running).toMatchObject({ status: "running", provider: "vast", address: { host: "192.0.2.45" } });
    expect(fake.made).toBe(1);

    fake.become(running.label, "offline");
    await live(seconds(65, hour(1)), seconds(400, hour(1)), provider);
    expect(fake.ofLabel(running.label).every(({ actual_status }) => actual_status !== "offline")).toBe(true);

    await live(hour(2), seconds(120, hour(2)), provider);
    for (const { status } of await instancesOf(id)) expect(["stopped", "failed"]).toContain(status);
    expect([...fake.contracts.values()]).toEqual([]);
  });

  it("has no contract that no instance wants", async () => {
    const fake = await startFakeVast();
    closing.push(fake.close);
    const provider = vastProvider(optionsFor(fake));
    const { id: installation } = await db.installation.findFirstOrThrow();
    fake.offers.push(offer(1));
    const label = `dumont:${installation}:${newId("instance")}`;
    await provider.start({ ...START, label });
    expect(await stopOrphans(new Date(), [provider])).toMatchObject({ stopped: 0 });
    expect(await stopOrphans(new Date(Date.now() + 3_600_000), [provider])).toMatchObject({ stopped: 1 });
    expect(fake.ofLabel(label)).toEqual([]);
  });
});
