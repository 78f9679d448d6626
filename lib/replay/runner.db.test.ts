import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { until } from "@/lib/queue/testing";
import { takeLease } from "@/lib/replay/lease";
import { getReplay } from "@/lib/replay/queries";
import { runReplays } from "@/lib/replay/runner";
import { cancelReplay, changeRate, pauseReplay, resumeReplay } from "@/lib/replay/service";
import { runStep } from "@/lib/replay/step";
import { deliver, emitSome, forgetLeases, giveUp, start, work } from "@/lib/replay/testing";
import { deleteWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const url = "https://example.com/hook";

describe("the replay of", () => {
  let actor: Actor;
  beforeEach(async () => {
    await db.replay.deleteMany();
    actor = await createTestProject();
  });

  const rows = (replayId: string) =>
    db.delivery.findMany({ where: { replayId }, orderBy: [{ seq: "asc" }, { id: "asc" }] });

  it("failed deliveries sends them under their own ids, with the whole schedule anew", async () => {
    await createTestWebhook(actor, { url, event_types: ["*"] });
    await emitSome(actor, 5);
    await giveUp(actor);
    const before = await db.delivery.findMany({ where: { projectId: actor.projectId } });
    const fresh = await emitSome(actor, 1);
    const { id, total } = await start(actor, { kind: "failed" });
    expect(total).toBe(5);
    await work();
    const after = await rows(id);
    expect(after.map((row) => row.id)).toEqual(before.map((row) => row.id).toSorted());
    expect(after.map(({ eventId }) => eventId)).not.toContain(fresh[0]);
    for (const row of after) {
      expect(row).toMatchObject({ status: "pending", trigger: "replay", attemptCount: 4, maxAttempts: 8 });
      expect(row.nextAttemptAt).not.toBeNull();
    }
    expect(await getReplay(actor, id)).toMatchObject({
      status: "completed",
      queued: 5,
      skipped: 0,
      repeats: 5,
      outcome: { pending: 5, delivered: 0, failed: 0 },
    });
    // What fails once more is not sent by the same replay again.
    await giveUp(actor);
    expect(await getReplay(actor, id)).toMatchObject({ outcome: { pending: 0, delivered: 0, failed: 5 } });
  });

  it("missing events makes deliveries for a webhook that came later, and none twice", async () => {
    const events = await emitSome(actor, 6);
    const other = await emitSome(actor, 2, "snapshot.completed");
    const webhook = await createTestWebhook(actor, { url, event_types: ["instance.*"] });
    const { id } = await start(actor, { kind: "missing" });
    await work();
    const made = await rows(id);
    expect(made.map(({ eventId }) => eventId)).toEqual(events);
    expect(made.every((row) => row.webhookId === webhook.id && row.trigger === "replay")).toBe(true);
    // The loss audit counts what each event was given.
    const counts = await db.event.groupBy({ by: ["deliveryCount"], where: { id: { in: events } }, _count: true });
    expect(counts).toEqual([{ deliveryCount: 1, _count: 6 }]);
    expect(other.some((eventId) => made.some((row) => row.eventId === eventId))).toBe(false);
    await expect(start(actor, { kind: "missing" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("events that came while a webhook was disabled sends these and no others", async () => {
    const webhook = await createTestWebhook(actor, { url, event_types: ["*"] });
    await emitSome(actor, 2);
    await updateWebhook(actor, webhook.id, { enabled: false });
    await sleep(5);
    const passedBy = await emitSome(actor, 4);
    await sleep(5);
    await updateWebhook(actor, webhook.id, { enabled: true });
    await emitSome(actor, 2);
    const { id, total } = await start(actor, { kind: "while_disabled" });
    expect(total).toBe(4);
    await work();
    expect((await rows(id)).map(({ eventId }) => eventId)).toEqual(passedBy);
  });

  it("a strictly ordered webhook keeps the order of emission: old places, or new ones in the events' order", async () => {
    const strict = { url, event_types: ["*"], ordering: "strict" as const, order_key: "data.key" };
    const failing = await createTestWebhook(actor, strict);
    const events = await emitSome(actor, 30);
    await giveUp(actor);
    const places = await db.delivery.findMany({
      where: { webhookId: failing.id },
      select: { id: true, lane: true, seq: true },
      orderBy: { seq: "asc" },
    });
    const late = await createTestWebhook(actor, strict);
    const emitting = emitSome(actor, 20);
    const failed = await start(actor, { kind: "failed" });
    await work();
    const missing = await start(actor, { kind: "missing" });
    await work();
    await emitting;
    expect((await rows(failed.id)).map(({ id, lane, seq }) => ({ id, lane, seq }))).toEqual(places);
    const made = await rows(missing.id);
    expect(made.slice(0, 30).map(({ eventId }) => eventId)).toEqual(events);
    expect(made.slice(0, 30).map(({ lane }) => lane)).toEqual(events.map((_, index) => `k${index % 3}`));
    const all = await db.delivery.findMany({ where: { webhookId: late.id }, select: { seq: true } });
    expect(new Set(all.map(({ seq }) => seq)).size).toBe(50);
  });

  it("many, carried on by three workers at once, sends each once and counts it once", async () => {
    const events = await emitSome(actor, 40);
    for (let index = 0; index < 3; index += 1)
      await createTestWebhook(actor, { url: `${url}/${index}`, event_types: ["*"] });
    const jobs = [];
    for (let index = 0; index < 3; index += 1) jobs.push(await start(actor, { kind: "missing" }));
    const stopping = new AbortController();
    const workers = [1, 2, 3].map(() => runReplays(stopping.signal));
    await until("all replays are done", async () => {
      return (await db.replay.count({ where: { projectId: actor.projectId, status: "completed" } })) === 3;
    });
    stopping.abort();
    await Promise.all(workers);
    const counts = await Promise.all(jobs.map(({ id }) => getReplay(actor, id)));
    // All three wanted the same: what one has sent, the others have found sent.
    expect(counts.reduce((sum, { queued }) => sum + queued, 0)).toBe(3 * events.length);
    for (const { queued, skipped, total, skipped_by } of counts) {
      expect(queued + skipped).toBe(total);
      expect(skipped_by).toEqual(skipped === 0 ? [] : [{ reason: "superseded", count: skipped }]);
    }
    expect(await db.delivery.count({ where: { projectId: actor.projectId } })).toBe(3 * events.length);
  });

  it("a worker that died goes on where it stood, and the dead one's late step changes nothing", async () => {
    await emitSome(actor, 120);
    await createTestWebhook(actor, { url, event_types: ["*"] });
    const { id } = await start(actor, { kind: "missing", rate: 100 });
    const dead = await takeLease();
    if (!dead) throw new Error("There is a replay to be taken.");
    await until("some are queued", async () => {
      await runStep(dead);
      return (await rows(id)).length > 0;
    });
    expect(await takeLease()).toBeUndefined();
    await forgetLeases();
    const queued = (await rows(id)).length;
    const successor = work({ until: queued + 1 });
    await successor;
    expect(await runStep(dead)).toMatchObject({ over: true, changed: false });
    await forgetLeases();
    await work();
    expect(await getReplay(actor, id)).toMatchObject({ status: "completed", total: 120, queued: 120, skipped: 0 });
    expect(await rows(id)).toHaveLength(120);
  });

  it("many does not outrun its rate, whoever takes over how often", async () => {
    await emitSome(actor, 60);
    await createTestWebhook(actor, { url, event_types: ["*"] });
    const { id } = await start(actor, { kind: "missing", rate: 30 });
    const [begun] = await db.$queryRaw<[{ at: Date }]>`SELECT created_at AS at FROM replay WHERE id = ${id}`;
    for (let status = "running"; status === "running"; ) {
      const lease = await takeLease();
      if (lease) await runStep(lease);
      const [seen] = await db.$queryRaw<[{ queued: number; status: string; s: number }]>`
        SELECT queued, status, extract(epoch FROM clock_timestamp() - ${begun.at})::float8 AS s FROM replay WHERE id = ${id}`;
      expect(seen.queued).toBeLessThanOrEqual(30 * seen.s + 1);
      status = seen.status;
      await forgetLeases();
    }
    expect(await rows(id)).toHaveLength(60);
  });

  it("many fills a webhook's queue only so far, and does not wait for one that is full to serve another", async () => {
    await emitSome(actor, 230);
    await createTestWebhook(actor, { url, event_types: ["*"] });
    const { id } = await start(actor, { kind: "missing", rate: 1000 });
    await work({ until: 200 });
    await forgetLeases();
    const lease = await takeLease();
    if (!lease) throw new Error("There is a replay to be taken.");
    for (let step = 0; step < 5; step += 1) await runStep(lease);
    expect(await getReplay(actor, id)).toMatchObject({ queued: 200, status: "running" });
    await forgetLeases();
    await deliver(actor);
    await work();
    expect(await getReplay(actor, id)).toMatchObject({
      queued: 230,
      status: "completed",
      outcome: { delivered: 200, pending: 30 },
    });
  });

  it("nothing goes on while it is paused, or after it was cancelled", async () => {
    await emitSome(actor, 50);
    await createTestWebhook(actor, { url, event_types: ["*"] });
    const { id } = await start(actor, { kind: "missing", rate: 20 });
    const lease = await takeLease();
    if (!lease) throw new Error("There is a replay to be taken.");
    await until("some are queued", async () => {
      await runStep(lease);
      return (await rows(id)).length > 0;
    });
    await pauseReplay(actor, id);
    const paused = (await rows(id)).length;
    expect(await runStep(lease)).toMatchObject({ over: true, changed: false });
    expect(await takeLease()).toBeUndefined();
    expect(await rows(id)).toHaveLength(paused);

    await resumeReplay(actor, id);
    await changeRate(actor, id, 50);
    await work({ until: paused + 1 });
    await cancelReplay(actor, id);
    await forgetLeases();
    expect(await takeLease()).toBeUndefined();
    const left = await getReplay(actor, id);
    expect(left).toMatchObject({ status: "cancelled", total: 50, skipped: 0 });
    expect(left.queued).toBeGreaterThan(paused);
    expect(left.queued).toBeLessThan(50);
    expect(await rows(id)).toHaveLength(left.queued);
  });

  it("webhooks that are disabled, deleted or change their mind meanwhile skips what is left of them, with the reason", async () => {
    await emitSome(actor, 20);
    const make = (path: string) => createTestWebhook(actor, { url: `${url}/${path}`, event_types: ["*"] });
    const [steady, disabled, deleted, choosy] = [await make("a"), await make("b"), await make("c"), await make("d")];
    const { id, total } = await start(actor, { kind: "missing", rate: 40 });
    expect(total).toBe(80);
    await work({ until: 4 });
    await updateWebhook(actor, disabled.id, { enabled: false });
    await deleteWebhook(actor, deleted.id);
    await updateWebhook(actor, choosy.id, { event_types: ["snapshot.completed"] });
    await forgetLeases();
    await work();
    const replay = await getReplay(actor, id);
    expect(replay.status).toBe("completed");
    expect(replay.queued + replay.skipped).toBe(80);
    const reasonOf = new Map(replay.webhooks.map((target) => [target.webhook_id, target]));
    expect(reasonOf.get(steady.id)).toMatchObject({ queued: 20, skipped_by: [] });
    for (const [webhook, reason] of [
      [disabled, "webhook_disabled"],
      [deleted, "webhook_deleted"],
      [choosy, "unsubscribed"],
    ] as const) {
      const target = reasonOf.get(webhook.id);
      expect(target?.skipped_by).toEqual([{ reason, count: 20 - (target?.queued ?? 0) }]);
    }
  });

  it("what was sent by hand meanwhile is accounted for, not sent again", async () => {
    await createTestWebhook(actor, { url, event_types: ["*"] });
    await emitSome(actor, 10);
    await giveUp(actor);
    const { id } = await start(actor, { kind: "failed" });
    const [some] = await db.delivery.findMany({ where: { projectId: actor.projectId }, take: 1, select: { id: true } });
    await db.delivery.update({ where: { id: some?.id ?? "" }, data: { status: "delivered" } });
    await work();
    expect(await getReplay(actor, id)).toMatchObject({
      status: "completed",
      total: 10,
      queued: 9,
      skipped: 1,
      skipped_by: [{ reason: "superseded", count: 1 }],
    });
  });
});
