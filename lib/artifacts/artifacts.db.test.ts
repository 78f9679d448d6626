import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it } from "vitest";
import { onArtifactPublished } from "@/lib/artifacts/components";
import { createProcessor, deleteProcessor, listProcessors, updateProcessor } from "@/lib/artifacts/processors";
import { getArtifact, listArtifacts } from "@/lib/artifacts/queries";
import { runTask } from "@/lib/artifacts/run-task";
import { runArtifacts } from "@/lib/artifacts/runner";
import { publishAndRun, publishFor } from "@/lib/artifacts/service";
import { claimTasks, completeTask } from "@/lib/artifacts/tasks";
import { ARTIFACT_LIMITS, publishArtifactBody } from "@/lib/contracts/artifacts";
import { createProcessorBody } from "@/lib/contracts/processors";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { afterCommit, transaction } from "@/lib/db/transaction";
import { egressPolicy } from "@/lib/net/address";
import { createGuardedClient } from "@/lib/net/guarded-request";
import { until, useDeliveries } from "@/lib/queue/testing";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject } from "@/lib/webhooks/testing";
import { getWorkflow } from "@/lib/workflows/queries";

describe("artifacts", () => {
  const { actor, receiver, pump, settled } = useDeliveries();
  const stops: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await db.artifactTask.deleteMany();
  });

  const body = (given: Record<string, unknown> = {}) =>
    publishArtifactBody.parse({ type: "report", payload: { n: 1 }, produced_by: "test", ...given });
  const publish = (given?: Record<string, unknown>) => publishFor(actor(), body(given));
  const run = (given?: Record<string, unknown>) => publishAndRun(actor(), body(given));
  const register = (url: string, types: string[], given: Record<string, unknown> = {}) =>
    createProcessor(
      actor(),
      createProcessorBody.parse({ name: `p-${types.join("-")}-${url.length}`, artifact_types: types, url, ...given }),
    );
  /** A processor of one's own that answers with one artifact of a type. */
  const making = (type: string) =>
    receiver((_request, response) => response.end(JSON.stringify({ artifacts: [{ type, payload: { of: type } }] })));
  const worker = () => {
    const stopping = new AbortController();
    const running = runArtifacts(stopping.signal);
    stops.push(async () => {
      stopping.abort();
      await running;
    });
  };
  const tasksDone = () =>
    until("all tasks are through", async () => (await db.artifactTask.count({ where: { status: "waiting" } })) === 0);
  const snapshot = { snapshot_id: "snp_1", instance_id: "ins_1", size_bytes: 3, checksums: { a: "sha256:1" } };

  it("reach the webhook of the request with all that they lead to, in sequence", async () => {
    const own = await receiver();
    const first = await making("report.parsed");
    const second = await making("report.summary");
    await register(first.url("/first"), ["report"]);
    await register(second.url("/second1"), ["report.parsed"]);
    pump();
    worker();
    const { artifact, tasks } = await publish({ tags: ["nightly"], webhook: { url: own.url() } });
    expect(tasks).toBe(1);
    await until("three arrive", () => own.requests.length === 3);
    const got = own.requests.map((request) => JSON.parse(request.body));
    expect(got.map(({ sequence, artifact }) => [sequence, artifact.type])).toEqual([
      [1, "report"],
      [2, "report.parsed"],
      [3, "report.summary"],
    ]);
    expect(got[0]).toEqual({
      id: artifact.event_id,
      type: "artifact.published",
      event_type: "artifact.published",
      timestamp: artifact.created_at,
      correlation_id: artifact.correlation_id,
      sequence: 1,
      artifact,
      data: { artifact_id: artifact.id, type: "report", tags: ["nightly"], produced_by: "test", parent_id: null },
    });
    expect(got[2].artifact.parent_id).toBe(got[1].artifact.id);

    const workflow = await getWorkflow(actor(), artifact.correlation_id, { limit: 500 }, new Date());
    expect(workflow).toMatchObject({
      kind: "artifact",
      sequence: 3,
      artifacts: 3,
      webhooks: 1,
      artifact_tree: [
        { type: "report", children: [{ type: "report.parsed", children: [{ type: "report.summary", children: [] }] }] },
      ],
      request_webhooks: [{ url: own.url(), has_secret: false }],
    });
    expect(workflow.events.map(({ sequence, deliveries }) => [sequence, deliveries.length])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it("are numbered together with the other events of their workflow", async () => {
    const { artifact } = await publish({ correlation_id: "w" });
    const event = await transaction((tx) =>
      emit(tx, actor().projectId, { type: "instance.started", data: {}, source: "platform", correlationId: "w" }),
    );
    const again = await publish({ correlation_id: "w" });
    expect([artifact.sequence, event.sequence, again.artifact.sequence]).toEqual([1, 2, 3]);
  });

  it("have no webhook of a request when none was given: nothing else changes", async () => {
    await publish();
    expect(await db.webhook.count({ where: { projectId: actor().projectId } })).toBe(0);
    expect(await db.delivery.count({ where: { projectId: actor().projectId } })).toBe(0);
  });

  it("are answered with everything that they led to, when asked to wait", async () => {
    const parsed = await making("report.parsed");
    const { secret } = await register(parsed.url(), ["snapshot.manifest"]);
    const answer = await run({ type: "snapshot.completed", payload: snapshot });
    expect(answer).toMatchObject({ complete: true, waiting: 0, artifact: { sequence: 1 } });
    expect(answer.produced.map(({ type, sequence }) => [type, sequence])).toEqual([
      ["snapshot.manifest", 2],
      ["report.parsed", 3],
    ]);
    const [call] = parsed.requests;
    expect(JSON.parse(call?.body ?? "").artifact).toEqual(answer.produced[0]);
    new Webhook(secret ?? "").verify(call?.body ?? "", call?.headers as Record<string, string>);
    expect(call?.headers).toMatchObject({ "x-webhook-event": "artifact.process", "x-webhook-attempt": "1" });
  });

  it("are made whatever becomes of the webhook: one never answers, one is dead", async () => {
    const hung = await receiver(() => {});
    const dead = await receiver();
    await dead.close();
    pump();
    for (const url of [hung.url(), dead.url()]) {
      const answer = await run({ type: "snapshot.completed", payload: snapshot, webhook: { url } });
      expect(answer).toMatchObject({ complete: true, produced: [{ type: "snapshot.manifest" }] });
      const { events } = await getWorkflow(actor(), answer.artifact.correlation_id, { limit: 500 }, new Date());
      const statuses = events.flatMap(({ deliveries }) => deliveries.map(({ status }) => status));
      expect(statuses).toHaveLength(2);
      expect(statuses).not.toContain("delivered");
    }
    await hung.close();
  });

  it("go on in the background where a processor fails, and the answer says so", async () => {
    const bad = await receiver((_request, response) => {
      response.statusCode = bad.requests.length === 1 ? 500 : 200;
      response.end(JSON.stringify({ artifacts: [{ type: "late", payload: {} }] }));
    });
    const good = await making("report.parsed");
    await register(bad.url("/bad"), ["report"]);
    await register(good.url("/good1"), ["report"]);
    const answer = await run();
    expect(answer).toMatchObject({ complete: false, waiting: 1, produced: [{ type: "report.parsed" }] });
    const { tasks } = await getArtifact(actor(), answer.artifact.id);
    expect(tasks.map(({ status }) => status).sort()).toEqual(["done", "waiting"]);
    expect(tasks.find(({ status }) => status === "waiting")?.error).toBe("It answered 500; only 2xx is success.");
    await db.artifactTask.updateMany({ where: { status: "waiting" }, data: { dueAt: new Date(0) } });
    worker();
    await tasksDone();
    expect((await listArtifacts(actor(), { limit: 10 })).data.map(({ type }) => type)).toEqual([
      "late",
      "report.parsed",
      "report",
    ]);
    expect(bad.requests.map(({ headers }) => headers["x-webhook-delivery"])).toEqual([
      bad.requests[0]?.headers["x-webhook-delivery"],
      bad.requests[0]?.headers["x-webhook-delivery"],
    ]);
  });

  it("are answered as published, and left to the workers, when the database fails right after", async () => {
    const rename = (from: string, to: string) => pool().query(`ALTER TABLE ${from} RENAME TO ${to}`);
    stops.push(
      onArtifactPublished({
        name: "outage",
        order: 900,
        onPublished: async (tx) =>
          afterCommit(tx, async () => void (await rename("artifact_task", "artifact_task_away"))),
      }),
    );
    const answer = await run({ type: "snapshot.completed", payload: snapshot }).finally(() =>
      rename("artifact_task_away", "artifact_task"),
    );
    expect(answer).toMatchObject({ artifact: { sequence: 1 }, produced: [], complete: false, waiting: 1 });
    expect(await db.artifact.count({ where: { id: answer.artifact.id } })).toBe(1);
    for (const stop of stops.splice(0)) await stop();
    // As when the lease of the request has run out.
    await db.artifactTask.updateMany({ data: { leaseUntil: null } });
    worker();
    await tasksDone();
    const { events } = await getWorkflow(actor(), answer.artifact.correlation_id, { limit: 500 }, new Date());
    expect(events).toHaveLength(2);
  });

  it("end after so many when a processor makes ever more of them, and the rest is left to the workers", async () => {
    const many = await receiver((_request, response) =>
      response.end(JSON.stringify({ artifacts: Array.from({ length: 20 }, () => ({ type: "more", payload: {} })) })),
    );
    await register(many.url(), ["*"]);
    const answer = await run();
    expect(answer.complete).toBe(false);
    expect(answer.produced.length).toBeGreaterThanOrEqual(ARTIFACT_LIMITS.syncArtifacts);
    // Those under way when the limit was reached still come to their end.
    expect(answer.produced.length).toBeLessThanOrEqual(ARTIFACT_LIMITS.syncArtifacts + 8 * 20);
    const free = await db.artifactTask.count({ where: { status: "waiting", leaseUntil: null } });
    expect(free).toBe(answer.waiting);
  });

  it("lead to no endless loop", async () => {
    const echo = await making("report");
    await register(echo.url(), ["report"]);
    const answer = await run();
    expect(answer.complete).toBe(true);
    expect(answer.produced).toHaveLength(ARTIFACT_LIMITS.depth);
  });

  it("have one effect each, however many workers there are", async () => {
    for (let index = 0; index < 30; index += 1) await publish({ type: "snapshot.completed", payload: snapshot });
    for (let index = 0; index < 4; index += 1) worker();
    await tasksDone();
    expect(await db.artifact.count({ where: { projectId: actor().projectId, type: "snapshot.manifest" } })).toBe(30);
    const children = await db.artifact.groupBy({
      by: ["parentId"],
      where: { type: "snapshot.manifest" },
      _count: true,
    });
    expect(children.every(({ _count }) => _count === 1)).toBe(true);
  });

  it("are taken up again when a worker dies half-way, and what it had done is done once", async () => {
    await publish({ type: "snapshot.completed", payload: snapshot });
    const [dead] = await claimTasks({ limit: 10, perProcessor: 4, full: [] });
    expect(dead?.processor).toBe("snapshot-manifest");
    expect(await claimTasks({ limit: 10, perProcessor: 4, full: [] })).toEqual([]);
    await db.artifactTask.updateMany({ data: { leaseUntil: new Date(0) } });
    worker();
    await tasksDone();
    if (!dead) throw new Error("Nothing was claimed.");
    // The first comes back from its long sleep and finds that it lost its turn.
    const produced = [{ type: "snapshot.manifest", payload: {}, tags: [] }];
    expect(await completeTask(dead, { produced, producedBy: "x" }, { leaseUntil: null })).toBeUndefined();
    expect(await db.artifact.count({ where: { projectId: actor().projectId, type: "snapshot.manifest" } })).toBe(1);
    expect(await db.event.count({ where: { projectId: actor().projectId } })).toBe(2);
  });

  it("do not wait for a dead processor of others", async () => {
    const hung = await receiver(() => {});
    const alive = await making("report.parsed");
    await register(hung.url("/hung"), ["report"]);
    await register(alive.url("/alive"), ["report"]);
    for (let index = 0; index < 24; index += 1) await publish();
    worker();
    await until("the other processor has answered for all", () => alive.requests.length === 24);
    // It has been asked for no more than it may hold at once, and holds nobody up.
    expect(hung.requests).toHaveLength(4);
    await hung.close();
  });

  it("are given up by a processor that keeps failing, with the reason", async () => {
    const bad = await receiver((_request, response) => response.end('{"artifacts": [{"type": "Not A Type"}]}'));
    await register(bad.url(), ["report"]);
    const { artifact } = await publish();
    const client = createGuardedClient({ policy: egressPolicy() });
    stops.push(() => client.close());
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await db.artifactTask.updateMany({ data: { dueAt: new Date(0) } });
      const [task] = await claimTasks({ limit: 1, perProcessor: 1, full: [] });
      expect(task?.attempt).toBe(attempt);
      if (task) expect(await runTask(task, { client })).toEqual([]);
    }
    const { tasks } = await getArtifact(actor(), artifact.id);
    expect(tasks).toMatchObject([{ status: "failed", attempts: 5, error: expect.stringContaining("not as agreed") }]);
  });

  it("pass through every component in its order; one more is one line, and one that fails publishes nothing", async () => {
    const seen: string[] = [];
    stops.push(
      onArtifactPublished({
        name: "note",
        order: 150,
        onPublished: async (tx, artifact) => {
          seen.push(`${await tx.artifact.count({ where: { id: artifact.id } })} stored`);
          seen.push(`${await tx.event.count({ where: { id: artifact.eventId } })} announced`);
          // What a component emits belongs to the workflow.
          await emit(tx, artifact.projectId, { type: "custom.noted", data: {}, source: "platform" });
        },
      }),
    );
    const { artifact } = await publish();
    expect(seen).toEqual(["1 stored", "0 announced"]);
    const workflow = await getWorkflow(actor(), artifact.correlation_id, { limit: 500 }, new Date());
    expect(workflow.events.map(({ type, sequence }) => [type, sequence])).toEqual([
      ["artifact.published", 1],
      ["custom.noted", 2],
    ]);
    stops.push(onArtifactPublished({ name: "broken", order: 400, onPublished: () => Promise.reject(new Error("no")) }));
    await expect(publish({ correlation_id: "broken" })).rejects.toThrow("no");
    expect(await db.workflow.count({ where: { correlationId: "broken" } })).toBe(0);
  });

  it("are found by type, workflow and tags, and by nobody else", async () => {
    await publish({ type: "a", tags: ["x", "y"] });
    await publish({ type: "b", tags: ["x"], correlation_id: "w" });
    const { artifact } = await publish({ type: "a", tags: [] });
    const types = async (query: Record<string, string>) =>
      (await listArtifacts(actor(), { limit: 10, ...query })).data.map(({ type, tags }) => [type, ...tags].join(" "));
    expect(await types({})).toEqual(["a", "b x", "a x y"]);
    expect(await types({ type: "a" })).toEqual(["a", "a x y"]);
    expect(await types({ tags: "x" })).toEqual(["b x", "a x y"]);
    expect(await types({ tags: "x,y" })).toEqual(["a x y"]);
    expect(await types({ correlation_id: "w" })).toEqual(["b x"]);
    const page = await listArtifacts(actor(), { limit: 2 });
    expect(await types({ cursor: page.next_cursor ?? "" })).toEqual(["a x y"]);
    const stranger = await createTestProject();
    await expect(getArtifact(stranger, artifact.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(getWorkflow(stranger, "w", { limit: 500 }, new Date())).rejects.toMatchObject({ code: "not_found" });
    expect((await listArtifacts(stranger, { limit: 2 })).data).toEqual([]);
  });

  it("are refused when they are too large", async () => {
    await expect(publish({ payload: { text: "x".repeat(ARTIFACT_LIMITS.payloadBytes) } })).rejects.toMatchObject({
      code: "payload_too_large",
    });
  });

  it("are processed by processors that can be registered, changed, disabled and deleted", async () => {
    const made = await register("https://example.com/p", ["report"]);
    expect(made.secret).toMatch(/^whsec_/);
    expect((await db.processor.findUniqueOrThrow({ where: { id: made.id } })).secret).not.toContain("whsec_");
    await expect(register("http://10.0.0.1/", ["report"])).rejects.toMatchObject({ errors: [{ field: "url" }] });
    await expect(register("https://example.com/p", ["report"])).rejects.toMatchObject({ errors: [{ field: "name" }] });
    expect((await listProcessors(actor())).map(({ name, built_in }) => [name, built_in])).toEqual([
      ["snapshot-manifest", true],
      ["reservation-usage", true],
      [made.name, false],
    ]);
    expect(await updateProcessor(actor(), made.id, { enabled: false })).toMatchObject({ enabled: false });
    expect((await publish()).tasks).toBe(0);
    const stranger = await createTestProject();
    await expect(updateProcessor(stranger, made.id, { enabled: true })).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteProcessor(stranger, made.id)).rejects.toMatchObject({ code: "not_found" });
    await updateProcessor(actor(), made.id, { enabled: true });
    const { artifact } = await publish();
    await deleteProcessor(actor(), made.id);
    worker();
    await tasksDone();
    const { tasks } = await getArtifact(actor(), artifact.id);
    expect(tasks).toMatchObject([{ status: "failed", error: "The processor was deleted.", name: "deleted processor" }]);
    await settled();
  });
});
