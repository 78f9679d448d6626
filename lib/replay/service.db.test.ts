import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { REPLAY_LIMITS, replayScopeBody } from "@/lib/contracts/replays";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { getReplay, listReplays } from "@/lib/replay/queries";
import { cancelReplay, changeRate, createReplay, pauseReplay, previewReplay, resumeReplay } from "@/lib/replay/service";
import { emitSome, giveUp, start } from "@/lib/replay/testing";
import { updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";

const url = "https://example.com/hook";
const hour = () => ({ from: new Date(Date.now() - 3600_000).toISOString(), to: new Date().toISOString() });

describe("a replay", () => {
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });

  it("is refused when there is nothing to send, and says why", async () => {
    await expect(start(actor, { kind: "failed" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("nothing to send"),
    });
    const webhook = await createTestWebhook(actor, { url, event_types: ["*"] });
    await emitSome(actor, 3);
    await giveUp(actor);
    await updateWebhook(actor, webhook.id, { enabled: false });
    await expect(start(actor, { kind: "failed" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("all 3 belong to webhooks that are disabled"),
    });
    expect(await db.replay.count({ where: { projectId: actor.projectId } })).toBe(0);
  });

  it("counts a month at most, and only a range that has a length", async () => {
    const day = 24 * 3600 * 1000;
    const preview = (from: number, to: number) =>
      previewReplay(
        actor,
        replayScopeBody.parse({ kind: "failed", from: new Date(from).toISOString(), to: new Date(to).toISOString() }),
      );
    const now = Date.now();
    await expect(preview(now - env.RETENTION_DAYS * day, now)).resolves.toMatchObject({ total: 0 });
    await expect(preview(now - (env.RETENTION_DAYS + 1) * day, now - 1000)).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "from" }],
    });
    await expect(preview(now - 1000, now - 1000)).rejects.toMatchObject({ errors: [{ field: "from" }] });
    await expect(preview(now + day, now + 2 * day)).rejects.toMatchObject({ errors: [{ field: "from" }] });
  });

  it("knows only webhooks of its project", async () => {
    const stranger = await createTestProject();
    const theirs = await createTestWebhook(stranger, { url, event_types: ["*"] });
    const scope = replayScopeBody.parse({ kind: "failed", ...hour(), webhook_ids: [theirs.id] });
    await expect(previewReplay(actor, scope)).rejects.toMatchObject({ errors: [{ field: "webhook_ids" }] });
  });

  it("is one of five unfinished ones at most, however many are asked for at once", async () => {
    await createTestWebhook(actor, { url, event_types: ["*"] });
    await emitSome(actor, 2);
    await giveUp(actor);
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => start(actor, { kind: "failed" })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(REPLAY_LIMITS.unfinishedPerProject);
    const { data } = await listReplays(actor, { limit: 50 });
    expect(data).toHaveLength(REPLAY_LIMITS.unfinishedPerProject);
    for (const { id } of data) await cancelReplay(actor, id);
    await expect(start(actor, { kind: "failed" })).resolves.toMatchObject({ total: 2, queued: 0, status: "running" });
  });

  it("is paused, resumed, slowed down and cancelled, and then stays as it is", async () => {
    await createTestWebhook(actor, { url, event_types: ["*"] });
    await emitSome(actor, 2);
    await giveUp(actor);
    const { id } = await start(actor, { kind: "failed", rate: 10 });
    const paused = await pauseReplay(actor, id);
    expect(paused.status).toBe("paused");
    // Pausing what is paused changes nothing.
    expect((await pauseReplay(actor, id)).revision).toBe(paused.revision);
    expect(await changeRate(actor, id, 3)).toMatchObject({ rate: 3, status: "paused" });
    expect(await resumeReplay(actor, id)).toMatchObject({ status: "running" });
    expect(await cancelReplay(actor, id)).toMatchObject({ status: "cancelled", finished_at: expect.any(String) });
    for (const refused of [pauseReplay, resumeReplay, cancelReplay]) {
      await expect(refused(actor, id)).rejects.toMatchObject({ code: "conflict" });
    }
    await expect(changeRate(actor, id, 5)).rejects.toMatchObject({ code: "conflict" });
  });

  it("belongs to its project, and is changed only by who may retry", async () => {
    await createTestWebhook(actor, { url, event_types: ["*"] });
    await emitSome(actor, 1);
    await giveUp(actor);
    const { id } = await start(actor, { kind: "failed" });
    const stranger = await createTestProject();
    await expect(getReplay(stranger, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(cancelReplay(stranger, id)).rejects.toMatchObject({ code: "not_found" });
    const viewer = testActor(actor.projectId, "viewer");
    await expect(getReplay(viewer, id)).resolves.toMatchObject({ id });
    await expect(pauseReplay(viewer, id)).rejects.toMatchObject({ code: "forbidden" });
    await expect(
      createReplay(viewer, { ...replayScopeBody.parse({ kind: "failed", ...hour() }), rate: 1 }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  it("is listed newest first, page by page", async () => {
    await createTestWebhook(actor, { url, event_types: ["*"] });
    await emitSome(actor, 1);
    await giveUp(actor);
    const made: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const { id } = await start(actor, { kind: "failed" });
      made.unshift(id);
    }
    const first = await listReplays(actor, { limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
    const second = await listReplays(actor, { limit: 2, cursor: first.next_cursor ?? "" });
    expect(second).toMatchObject({ data: [{ id: made[2] }], next_cursor: null });
    await expect(listReplays(actor, { limit: 2, cursor: "evt_1" })).rejects.toMatchObject({ code: "invalid_cursor" });
  });
});
