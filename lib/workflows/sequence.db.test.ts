import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";
import { currentWorkflow, inWorkflow } from "@/lib/workflows/context";
import { beginWorkflow, openWorkflow } from "@/lib/workflows/service";

const event = { type: "instance.started", data: { instance_id: "i-1" }, source: "platform" } as const;

describe("the sequence of a workflow", () => {
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });

  const begin = (correlationId?: string, url?: string) =>
    transaction((tx) =>
      beginWorkflow(tx, {
        projectId: actor.projectId,
        by: actor.subject.id,
        kind: "event",
        title: "Test",
        correlationId,
        ...(url !== undefined && { webhook: { url } }),
      }),
    );
  const emitNow = (correlationId?: string) =>
    transaction((tx) => emit(tx, actor.projectId, { ...event, correlationId }));
  const eventsOf = (correlationId: string) =>
    db.event.findMany({ where: { correlationId }, orderBy: { sequence: "asc" } });

  it("counts up from 1 and is sent with the type under both names", async () => {
    const correlationId = await begin();
    const first = await emitNow(correlationId);
    const second = await emitNow(correlationId);
    expect([first.sequence, second.sequence]).toEqual([1, 2]);
    const { body, sequence } = await db.event.findUniqueOrThrow({ where: { id: second.id } });
    expect(sequence).toBe(2);
    expect(JSON.parse(body)).toEqual({
      id: second.id,
      type: "instance.started",
      timestamp: expect.any(String),
      correlation_id: correlationId,
      sequence: 2,
      event_type: "instance.started",
      data: { instance_id: "i-1" },
    });
  });

  it("is given to no event outside of a workflow, and to none that was rolled back", async () => {
    const correlationId = await begin();
    expect((await emitNow()).sequence).toBeNull();
    const grouped = await emitNow("only-a-name");
    expect(grouped.sequence).toBeNull();
    expect(JSON.parse((await db.event.findUniqueOrThrow({ where: { id: grouped.id } })).body)).not.toHaveProperty(
      "sequence",
    );
    await expect(
      transaction(async (tx) => {
        await emit(tx, actor.projectId, { ...event, correlationId });
        throw new Error("undone");
      }),
    ).rejects.toThrow("undone");
    expect((await emitNow(correlationId)).sequence).toBe(1);
  });

  it("belongs to one project even where two give the same id", async () => {
    const other = await createTestProject();
    await begin("deploy-7");
    await transaction((tx) =>
      beginWorkflow(tx, { projectId: other.projectId, by: "u", kind: "event", title: "", correlationId: "deploy-7" }),
    );
    await emitNow("deploy-7");
    const theirs = await transaction((tx) => emit(tx, other.projectId, { ...event, correlationId: "deploy-7" }));
    expect(theirs.sequence).toBe(1);
  });

  it("has no gap, no double and the order of the commits, whoever emits at the same time", async () => {
    const ids = await Promise.all([
      begin(undefined, "https://example.com/a"),
      begin(undefined, "https://example.com/b"),
    ]);
    await createTestWebhook(actor, { url: "https://example.com/strict", event_types: ["*"], ordering: "strict" });
    const emitAll = (index: number) =>
      transaction(async (tx) => {
        // One takes the two in the other order: the deadlock that this can end in is solved by repeating one of them.
        const [first, second] = index === 15 ? ids.toReversed() : ids;
        await emit(tx, actor.projectId, { ...event, correlationId: first });
        if (index % 3 === 0) await emit(tx, actor.projectId, { ...event, correlationId: second });
        await emit(tx, actor.projectId, event);
      });
    // As many at once as there are connections.
    for (let start = 0; start < 30; start += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, index) => emitAll(start + index)));
    }
    for (const id of ids) {
      const events = await eventsOf(id);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      const own = await db.webhook.findFirstOrThrow({ where: { workflow: { correlationId: id } } });
      const deliveries = await db.delivery.findMany({ where: { webhookId: own.id } });
      const seqs = events.map((event) => deliveries.find(({ eventId }) => eventId === event.id)?.seq);
      expect(seqs).toEqual(events.map((_, index) => BigInt(index + 1)));
    }
    const strict = await db.webhook.findFirstOrThrow({ where: { url: "https://example.com/strict" } });
    expect(strict.lastSeq).toBe(70n);
    expect(await db.event.count({ where: { projectId: actor.projectId, sequence: { not: null } } })).toBe(40);
  });

  it("goes to events that name no workflow while one is worked for", async () => {
    const context = await transaction((tx) =>
      openWorkflow(tx, { projectId: actor.projectId, by: "u", kind: "artifact", title: "" }),
    );
    const other = await createTestProject();
    const [own, named, elsewhere] = await inWorkflow(context, async () => [
      await emitNow(),
      await emitNow("named"),
      await transaction((tx) => emit(tx, other.projectId, event)),
    ]);
    expect(own).toMatchObject({ correlationId: context.correlationId, sequence: 1 });
    expect(named).toMatchObject({ correlationId: "named", sequence: null });
    expect(elsewhere).toMatchObject({ correlationId: elsewhere?.id, sequence: null });
    expect((await emitNow()).sequence).toBeNull();
  });

  it("is never mixed up by 200 that work at the same time", async () => {
    const contexts = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        transaction((tx) =>
          openWorkflow(tx, {
            projectId: actor.projectId,
            by: "u",
            kind: "artifact",
            title: "",
            correlationId: `${actor.projectId}-${index}`,
          }),
        ),
      ),
    );
    const emitted = await Promise.all(
      contexts.map((context, index) =>
        // Every second one works for none.
        index % 2 === 1
          ? emitNow()
          : inWorkflow(context, async () => {
              const before = await emitNow();
              await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
              expect(currentWorkflow(actor.projectId)).toBe(context);
              expect(before.correlationId).toBe(context.correlationId);
              return emitNow();
            }),
      ),
    );
    for (const [index, { correlationId, sequence, id }] of emitted.entries()) {
      expect([correlationId, sequence]).toEqual(index % 2 === 1 ? [id, null] : [contexts[index]?.correlationId, 2]);
    }
  });
});
