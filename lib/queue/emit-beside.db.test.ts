import type { ServerResponse } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { useDeliveries } from "@/lib/queue/testing";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject, createTestWebhook, type ReceivedRequest } from "@/lib/webhooks/testing";

/** Those that never come to an end: who waits for one waits for the deadline of an attempt, ten seconds. */
const ENDLESS = ["hang", "drip"] as const;
const KINDS = [...ENDLESS, "dead", "refusing"] as const;

type Kind = (typeof KINDS)[number];

const webhookOf = (kinds: readonly Kind[]) => fc.record({ kind: fc.constantFrom(...kinds), strict: fc.boolean() });
const mix = fc
  .tuple(webhookOf(ENDLESS), fc.array(webhookOf(KINDS), { maxLength: 5 }))
  .map(([endless, others]) => [endless, ...others]);

/** Emits to each of the two projects, in turn. */
const EMITS = 3;

/** What may come between without anybody waiting for a receiver: far more than an emit takes, far less than a deadline. */
const SLOWER = 10;
const PAUSE_MS = 3_000;

describe("emitting beside receivers that", () => {
  const { actor, receiver, pump } = useDeliveries();

  it("hang, drip, are dead or refuse takes no longer than beside healthy ones", async () => {
    const healthy = await receiver();
    const bad = await receiver(answerBadly);
    const dead = await receiver();
    await dead.close();
    pump();
    await fc.assert(
      fc.asyncProperty(mix, async (webhooks) => {
        const [well, badly] = [await createTestProject(), await createTestProject()];
        for (const { kind, strict } of webhooks) {
          const ordering = strict ? ("strict" as const) : ("unordered" as const);
          const body = { event_types: ["*"], retry: { delays_s: [1] }, ordering };
          await createTestWebhook(well, { ...body, url: healthy.url() });
          await createTestWebhook(badly, { ...body, url: (kind === "dead" ? dead : bad).url(`/${kind}`) });
        }
        const seen = bad.requests.length;
        const times = { well: [] as number[], badly: [] as number[] };
        for (let n = 0; n < EMITS; n += 1) {
          times.well.push(await timeOfEmit(well.projectId, webhooks.length));
          times.badly.push(await timeOfEmit(badly.projectId, webhooks.length));
        }
        expect(median(times.badly)).toBeLessThan(SLOWER * median(times.well) + PAUSE_MS);
        // They were being sent to meanwhile, or nothing would have been there to wait for.
        await expect.poll(() => bad.requests.length, { timeout: 20_000 }).toBeGreaterThan(seen);
        const projectId = { in: [well.projectId, badly.projectId] };
        await db.webhook.updateMany({ where: { projectId }, data: { deletedAt: new Date() } });
      }),
      { numRuns: 10, endOnFailure: true },
    );
  }, 240_000);

  it("no worker sends to stores what is to be sent", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    await timeOfEmit(actor().projectId, 1);
    expect(await db.delivery.count({ where: { projectId: actor().projectId, status: "pending" } })).toBe(1);
    expect(target.requests).toEqual([]);
  });
});

function answerBadly(request: ReceivedRequest, response: ServerResponse): void {
  if (request.path === "/refusing") response.writeHead(500).end();
  if (request.path !== "/drip") return;
  response.writeHead(200);
  const timer = setInterval(() => response.write("."), 200);
  response.on("close", () => clearInterval(timer));
}

/** Milliseconds from the call to the commit. @param deliveries that the event must be given */
async function timeOfEmit(projectId: string, deliveries: number): Promise<number> {
  const startedAt = performance.now();
  const event = await transaction((tx) => emit(tx, projectId, { type: "instance.started", data: {}, source: "api" }));
  const ms = performance.now() - startedAt;
  expect(event.deliveries).toHaveLength(deliveries);
  return ms;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
