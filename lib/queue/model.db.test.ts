import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventTypeCatalogue, eventTypeNames, isEmittableType, patternMatches } from "@/lib/contracts/event-types";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { untilSettled, useDeliveries } from "@/lib/queue/testing";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

/**
 * The whole way against a naive reference: random webhooks, random events with arbitrary JSON, receivers that answer by
 * a script. The reference says for every event and webhook whether a delivery exists, which statuses its attempts got,
 * how it ended, and in which order a key's events were accepted.
 */
const emittable = eventTypeNames.filter(isEmittableType);
const status = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 200, max: 299 }).filter((code) => code !== 204 && code !== 205) },
  { weight: 1, arbitrary: fc.integer({ min: 300, max: 599 }).filter((code) => code !== 410) },
);
const webhook = fc.record({
  event_types: fc.subarray(["*", "instance.*", "user.login", "custom.*", ...emittable.slice(0, 4)], { minLength: 1 }),
  strict: fc.boolean(),
  retries: fc.integer({ min: 0, max: 2 }),
  /** What it answers to the attempts of a delivery; which script a delivery gets is told by its key and number. */
  scripts: fc.array(fc.array(status, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
});
const event = fc.record({
  type: fc.oneof(fc.constantFrom(...emittable), fc.constant("custom.own.type")),
  key: fc.constantFrom("a", "b", "c"),
  value: fc.jsonValue(),
  text: fc.string({ unit: "binary" }),
});

type Accepted = { key: string; n: number };

describe("deliveries as the reference says", () => {
  const { actor, receiver, pump, settled } = useDeliveries();

  it("exist, arrive whole, end and keep their order as they should, and the log is complete", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(webhook, { minLength: 2, maxLength: 5 }),
        fc.array(event, { minLength: 5, maxLength: 25 }),
        async (webhooks, events) => {
          const owner = await createTestProject();
          const bodies = new Map<string, unknown>();
          const accepted = new Map<number, Accepted[]>();
          const attempts = new Map<string, number[]>();
          const target = await receiver((request, response) => {
            const index = Number(request.path.slice(1));
            const body = JSON.parse(request.body);
            bodies.set(`${index} ${body.id}`, body);
            const { key, n } = body.data;
            const script = scriptOf(webhooks[index]?.scripts ?? [], n);
            const attempt = Number(request.headers["x-webhook-attempt"]);
            const code = script[attempt - 1] ?? 200;
            const id = String(request.headers["x-webhook-delivery"]);
            attempts.set(id, [...(attempts.get(id) ?? []), code]);
            if (code < 300) accepted.set(index, [...(accepted.get(index) ?? []), { key, n }]);
            response.writeHead(code).end();
          });
          const ids: string[] = [];
          for (const [index, { event_types, strict, retries }] of webhooks.entries()) {
            const { id } = await createTestWebhook(owner, {
              url: target.url(`/${index}`),
              event_types,
              ordering: strict ? "strict" : "unordered",
              order_key: strict ? "data.key" : null,
              retry: { delays_s: Array.from({ length: retries }, () => 1) },
            });
            ids.push(id);
          }
          pump();
          const emitted = [];
          for (const [n, { type, key, value, text }] of events.entries()) {
            const data = { key, n, value, text };
            emitted.push(await transaction((tx) => emit(tx, owner.projectId, { type, data, source: "api" })));
          }
          await untilSettled(owner.projectId, 60_000);

          for (const [n, { type, key, value, text }] of events.entries()) {
            const stored = emitted[n];
            for (const [index, { event_types, retries, scripts }] of webhooks.entries()) {
              const delivery = stored?.deliveries.find((candidate) => candidate.webhookId === ids[index]);
              const wanted = event_types.some((pattern) => patternMatches(pattern, type));
              expect(delivery !== undefined).toBe(wanted);
              if (!delivery) continue;
              const codes = expectedCodes(scriptOf(scripts, n), retries);
              const ok = (codes.at(-1) ?? 0) < 300;
              expect(attempts.get(delivery.id)).toEqual(codes);
              const row = await db.delivery.findUniqueOrThrow({ where: { id: delivery.id } });
              expect(row).toMatchObject({
                status: ok ? "delivered" : "failed",
                attemptCount: codes.length,
                httpStatus: codes.at(-1),
              });
              const log = await db.attempt.findMany({ where: { deliveryId: delivery.id }, orderBy: { number: "asc" } });
              expect(log.map(({ number, httpStatus }) => [number, httpStatus])).toEqual(
                codes.map((code, at) => [at + 1, code]),
              );
              // What JSON itself makes of a value is what a receiver can get at most: -0 is 0.
              expect(bodies.get(`${index} ${stored?.id}`)).toEqual({
                id: stored?.id,
                type,
                timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
                data: JSON.parse(JSON.stringify({ key, n, value, text })),
              });
            }
          }
          for (const [index, { strict }] of webhooks.entries()) {
            if (!strict) continue;
            for (const lane of ["a", "b", "c"]) {
              const seen = (accepted.get(index) ?? []).filter(({ key }) => key === lane).map(({ n }) => n);
              expect(seen).toEqual(seen.toSorted((a, b) => a - b));
            }
          }
          await db.webhook.updateMany({ where: { projectId: owner.projectId }, data: { deletedAt: new Date() } });
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  }, 240_000);

  it("every type of the catalogue that can be emitted arrives with its data", async () => {
    const target = await receiver();
    await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
    pump();
    const catalogue = eventTypeCatalogue().filter(({ type }) => isEmittableType(type));
    for (const { type, example } of catalogue) {
      await transaction((tx) => emit(tx, actor().projectId, { type, data: example, source: "platform" }));
    }
    await settled();
    const arrived = new Map(target.requests.map(({ body }) => [JSON.parse(body).type, JSON.parse(body).data]));
    expect(arrived).toEqual(new Map(catalogue.map(({ type, example }) => [type, example])));
  });
});

function scriptOf(scripts: number[][], n: number): number[] {
  return scripts[n % Math.max(1, scripts.length)] ?? [];
}

/** Attempts end with the first success, or when the schedule is used up. */
function expectedCodes(script: number[], retries: number): number[] {
  const tried = script.slice(0, retries + 1);
  const success = tried.findIndex((code) => code < 300);
  return success === -1 ? tried : tried.slice(0, success + 1);
}
