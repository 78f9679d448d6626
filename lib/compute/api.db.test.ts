import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as adminFault from "@/app/api/v1/admin/compute/faults/[fault_id]/route";
import * as adminFaults from "@/app/api/v1/admin/compute/faults/route";
import * as adminLogs from "@/app/api/v1/admin/instances/[instance_id]/logs/route";
import * as adminInstances from "@/app/api/v1/admin/instances/route";
import * as logs from "@/app/api/v1/projects/[project_id]/instances/[instance_id]/logs/route";
import * as one from "@/app/api/v1/projects/[project_id]/instances/[instance_id]/route";
import * as snapshotsOfOne from "@/app/api/v1/projects/[project_id]/instances/[instance_id]/snapshots/route";
import * as stop from "@/app/api/v1/projects/[project_id]/instances/[instance_id]/stop/route";
import * as all from "@/app/api/v1/projects/[project_id]/instances/route";
import * as snapshots from "@/app/api/v1/projects/[project_id]/snapshots/route";
import { call, codeOf, createKey, createPerson } from "@/lib/accounts/testing";
import { at, clearCompute, clock, live, seconds, settle } from "@/lib/compute/testing";
import type { Instance, InstanceLogLine } from "@/lib/contracts/instances";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import type { Snapshot } from "@/lib/contracts/snapshots";
import type { StreamMessage } from "@/lib/contracts/stream";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { LiveHub } from "@/lib/live/hub";
import { bookHours, createCustomer, giveCredits, hour } from "@/lib/reservations/testing";
import { createTestProject } from "@/lib/webhooks/testing";

type Page<T> = { data: T[]; next_cursor: string | null };

const get = async (
  handler: Parameters<typeof call>[0],
  { url = "", ...options }: { url?: string; params?: Record<string, string>; headers: Record<string, string> },
) => {
  const request = new Request(`http://localhost:3000/api/v1/x${url}`, { headers: options.headers });
  const response = await handler(request, { params: Promise.resolve(options.params ?? {}) });
  return { status: response.status, body: await response.json() };
};

describe("the API of instances", () => {
  let actor: Awaited<ReturnType<typeof createCustomer>>;
  let headers: Record<string, string>;
  let admin: Record<string, string>;
  let project: { project_id: string };
  beforeAll(async () => {
    actor = await createCustomer();
    ({ headers } = await createKey(actor.projectId, ALL_PERMISSIONS));
    admin = (await createPerson({ isAdmin: true })).headers;
    project = { project_id: actor.projectId };
  });
  beforeEach(clearCompute);

  it("lists by page, status and reservation, with what each boots and has", async () => {
    const pool = await createTestPool({ nodes: 3, lanes: 4 });
    const { id } = await bookHours(actor, pool.id, [0, 1], { gpu_count: 12 });
    await settle(hour(0));
    const seen: Instance[] = [];
    let cursor = "";
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await get(all.GET, { url: `?limit=1${cursor}`, params: project, headers });
      const page = body as Page<Instance>;
      seen.push(...page.data);
      cursor = `&cursor=${page.next_cursor}`;
      expect(page.next_cursor === null).toBe(pages === 2);
    }
    expect(seen.map(({ slot }) => slot)).toEqual([2, 1, 0]);
    expect(seen[0]).toMatchObject({ status: "running", reservation_id: id, gpu_count: 4, provider: "simulated" });
    const none = await get(all.GET, { url: "?status=stopped,failed", params: project, headers });
    expect((none.body as Page<Instance>).data).toEqual([]);
    const other = await get(all.GET, { url: "?reservation_id=rsv_x", params: project, headers });
    expect((other.body as Page<Instance>).data).toEqual([]);
    for (const wrong of ["?status=asleep", "?cursor=x"]) {
      expect([400, 422]).toContain((await get(all.GET, { url: wrong, params: project, headers })).status);
    }
    const params = { ...project, instance_id: seen[0]?.id ?? "" };
    expect((await get(one.GET, { params, headers })).body).toMatchObject({
      template: { disk_gb: 64 },
      units: [0, 1, 2, 3].map((lane) => ({ lane, held: true })),
      price_micros_per_hour: 7_200_000,
    });
    const everybody = await get(adminInstances.GET, { url: `?pool_id=${pool.id}`, headers: admin });
    expect((everybody.body as Page<Instance>).data).toMatchObject(
      [2, 1, 0].map((slot) => ({ slot, project: { id: actor.projectId } })),
    );
  });

  it("tells the log by page, newest first, and stops on demand", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 1 });
    await bookHours(actor, pool.id, [0, 1]);
    await settle(hour(0));
    const [row] = await db.instance.findMany();
    const params = { ...project, instance_id: row?.id ?? "" };
    const first = (await get(logs.GET, { url: "?limit=3", params, headers })).body as Page<InstanceLogLine>;
    const rest = (await get(logs.GET, { url: `?cursor=${first.next_cursor}`, params, headers }))
      .body as Page<InstanceLogLine>;
    const whole = (await get(adminLogs.GET, { params: { instance_id: params.instance_id }, headers: admin })).body;
    expect((whole as Page<InstanceLogLine>).data).toEqual([...first.data, ...rest.data]);
    expect((await get(adminLogs.GET, { params: { instance_id: "ins_x" }, headers: admin })).status).toBe(404);
    expect([...first.data, ...rest.data].map(({ message }) => message.split(" ")[0])).toEqual([
      "It",
      "Its",
      "Its",
      "Made",
    ]);
    expect(rest.next_cursor).toBeNull();
    // The clock of this test is ahead of the database's: by that one its reservation has not begun.
    const answer = await call(stop.POST, { method: "POST", params, headers });
    expect(answer).toMatchObject({ status: 200, body: { wanted: "stopped", stop_reason: "requested" } });
    const missing = { ...project, instance_id: "ins_x" };
    expect(codeOf(await call(stop.POST, { method: "POST", params: missing, headers }))).toBe("not_found");
    expect((await get(logs.GET, { params: missing, headers })).status).toBe(404);
  });

  it("takes a snapshot once for each idempotency key, and lists it", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 1 });
    await bookHours(actor, pool.id, [0, 1]);
    await settle(hour(0));
    const [row] = await db.instance.findMany();
    const params = { ...project, instance_id: row?.id ?? "" };
    const send = (key: string) =>
      call(snapshotsOfOne.POST, {
        method: "POST",
        params,
        headers: { ...headers, "idempotency-key": key },
        body: { name: "Checkpoint 7" },
      });
    const [first, again] = [await send("a"), await send("a")];
    expect(first).toMatchObject({
      status: 201,
      body: { name: "Checkpoint 7", trigger: "manual", status: "requested" },
    });
    expect(again.body).toEqual(first.body);
    expect(codeOf(await send("b"))).toBe("conflict");
    // As asked for by the clock of this test, which is ahead of the database's.
    await db.snapshot.updateMany({ data: { createdAt: hour(0.5), dueAt: hour(0.5) } });
    clock.now = hour(0.5);
    await live(hour(0.5), seconds(20, hour(0.5)));
    for (const page of [
      await get(snapshots.GET, { url: "?status=completed", params: project, headers }),
      await get(snapshotsOfOne.GET, { params, headers }),
    ]) {
      expect((page.body as Page<Snapshot>).data).toMatchObject([
        { id: (first.body as Snapshot).id, status: "completed" },
      ]);
    }
  });

  it("makes and removes faults of the simulated provider, for admins of the installation", async () => {
    const make = (body: unknown) => call(adminFaults.POST, { method: "POST", headers: admin, body });
    expect(codeOf(await make({ kind: "node_down" }))).toBe("validation_failed");
    expect(codeOf(await make({ kind: "node_down", node: "a", remaining: 1 }))).toBe("validation_failed");
    const made = await make({ kind: "start_fails", remaining: 2 });
    expect(made).toMatchObject({ status: 201, body: { kind: "start_fails", node: null, remaining: 2 } });
    expect((await get(adminFaults.GET, { headers: admin })).body).toMatchObject({ data: [made.body] });
    const params = { fault_id: (made.body as { id: string }).id };
    expect((await call(adminFault.DELETE, { method: "DELETE", headers: admin, params })).status).toBe(204);
    expect((await call(adminFault.DELETE, { method: "DELETE", headers: admin, params })).status).toBe(404);
  });
});

it("tells consoles which instances changed", async () => {
  await clearCompute();
  const owner = await createTestProject();
  await giveCredits(owner, 1_000n);
  const pool = await createTestPool({ nodes: 1, lanes: 1 });
  await bookHours(owner, pool.id, [0, 1]);
  const hub = new LiveHub();
  const messages: StreamMessage[] = [];
  hub.subscribe(owner.projectId, { send: (message) => messages.push(message), end: () => {} });
  await vi.waitFor(() => expect(messages).toContainEqual({ kind: "resync" }), { timeout: 10_000 });
  await at(hour(0));
  const [row] = await db.instance.findMany();
  const told = () => messages.flatMap((message) => (message.kind === "instances" ? message.ids : []));
  await vi.waitFor(() => expect(told()).toContain(row?.id), { timeout: 10_000 });
  hub.close();
});
