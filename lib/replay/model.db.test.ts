import fc from "fast-check";
import { expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { type Lease, takeLease } from "@/lib/replay/lease";
import { cancelReplay, changeRate, pauseReplay, resumeReplay } from "@/lib/replay/service";
import { runStep } from "@/lib/replay/step";
import { deliver, emitSome, forgetLeases, start, work } from "@/lib/replay/testing";
import { updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

/**
 * The life of a replay, whatever its workers and those who steer it do, in any order: running and paused, then completed
 * or cancelled for good, and at every moment what was counted is what was made. MODEL_RUNS makes it longer.
 */
const RUNS = Number(process.env.MODEL_RUNS ?? 10);
const EVENTS = 30;
const LANES = 2;

const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant("step"), worker: fc.nat({ max: 2 }) } as const) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("take"), worker: fc.nat({ max: 2 }) } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constantFrom("die", "pause", "resume", "disable", "enable", "deliver"),
    } as const),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("rate"), rate: fc.constantFrom(20, 200, 1000) } as const) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("cancel", "nothing", "nothing") } as const) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
type World = { actor: Actor; replayId: string; webhookId: string; leases: (Lease | undefined)[] };

async function happens({ actor, replayId, webhookId, leases }: World, one: Happening): Promise<void> {
  switch (one.what) {
    case "take":
      leases[one.worker] = (await takeLease()) ?? leases[one.worker];
      return;
    case "step": {
      const lease = leases[one.worker];
      if (lease) await runStep(lease);
      return;
    }
    case "die":
      return forgetLeases();
    case "pause":
      return void (await pauseReplay(actor, replayId));
    case "resume":
      return void (await resumeReplay(actor, replayId));
    case "cancel":
      return void (await cancelReplay(actor, replayId));
    case "rate":
      return void (await changeRate(actor, replayId, one.rate));
    case "disable":
      return void (await updateWebhook(actor, webhookId, { enabled: false }));
    case "enable":
      return void (await updateWebhook(actor, webhookId, { enabled: true }));
    case "deliver":
      return deliver(actor);
    case "nothing":
      return;
  }
}

async function read({ replayId }: World) {
  const row = await db.replay.findUniqueOrThrow({ where: { id: replayId } });
  const targets = await db.replayTarget.findMany({ where: { replayId } });
  const made = await db.delivery.findMany({ where: { replayId }, select: { eventId: true, webhookId: true } });
  return { row, targets, made };
}

it("a replay ends once and for good, and counts what it makes, each delivery once", async () => {
  const ends = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 40 }), async (all) => {
      await db.replay.deleteMany();
      const actor = await createTestProject();
      await emitSome(actor, EVENTS);
      const hook = (n: number) => createTestWebhook(actor, { url: `https://example.com/${n}`, event_types: ["*"] });
      const [webhook] = [await hook(1), await hook(2)];
      const { id, total } = await start(actor, { kind: "missing", rate: 200 });
      expect(total).toBe(EVENTS * LANES);
      const world: World = { actor, replayId: id, webhookId: webhook.id, leases: [] };
      let before = await read(world);
      const look = async () => {
        const { row, targets, made } = await read(world);
        if (["completed", "cancelled"].includes(before.row.status)) expect(row).toEqual(before.row);
        const left = before.row.status === "running" || before.row.status === "paused";
        expect(left || row.status === before.row.status).toBe(true);
        expect(row.queued).toBe(made.length);
        expect(new Set(made.map(({ eventId, webhookId }) => `${eventId} ${webhookId}`)).size).toBe(made.length);
        expect(row.queued).toBeGreaterThanOrEqual(before.row.queued);
        expect(targets.reduce((sum, { queued }) => sum + queued, 0)).toBe(row.queued);
        expect(row.finishedAt !== null).toBe(["completed", "cancelled"].includes(row.status));
        before = { row, targets, made };
      };
      for (const one of all) {
        await happens(world, one).catch((error) => {
          if (!(error instanceof AppError)) throw error;
        });
        await look();
      }
      await happens(world, { what: "resume" }).catch(() => undefined);
      await forgetLeases();
      await deliver(actor);
      await work();
      await look();
      const { status, queued } = before.row;
      expect(["completed", "cancelled"]).toContain(status);
      ends.set(status, (ends.get(status) ?? 0) + 1);
      const skipped = before.targets.reduce((sum, { skipped }) => {
        return sum + Object.values(skipped as Record<string, number>).reduce((a, b) => a + b, 0);
      }, 0);
      if (status === "completed") expect(queued + skipped).toBe(total);
    }),
    { numRuns: RUNS, endOnFailure: process.env.MODEL_SHRINK === undefined },
  );
  if (process.env.MODEL_RUNS) process.stdout.write(`${JSON.stringify([...ends])}\n`);
  expect(ends.get("completed") ?? 0).toBeGreaterThan(0);
}, 600_000);
