import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { patternMatches } from "@/lib/contracts/event-types";
import { type ReplayKind, type ReplayPreview, replayScopeBody } from "@/lib/contracts/replays";
import type { WebhookFilter } from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";
import { newIdAt } from "@/lib/ids";
import { previewReplay } from "@/lib/replay/service";
import { createTestProject } from "@/lib/webhooks/testing";

/** A day of which every quarter of an hour is a place for an event or a change. */
const DAY = Date.now() - 5 * 24 * 3600 * 1000;
const SLOTS = 96;
const timeOf = (slot: number) => new Date(DAY + slot * 15 * 60 * 1000);

const TYPES = ["instance.started", "instance.stopped", "custom.a", "user.login", "endpoint.warning", "webhook.test"];
const patterns = fc.uniqueArray(fc.constantFrom("*", "instance.*", "custom.a", "user.login", "endpoint.*"), {
  minLength: 1,
  maxLength: 2,
});
const filter = fc.constantFrom<(WebhookFilter | null)[]>(
  null,
  { applications: ["shop"] },
  { environments: ["production", "staging"] },
  { labels: { team: "a" } },
);
const slot = fc.nat(SLOTS - 1);

const change = fc.record({ slot, enabled: fc.boolean(), eventTypes: patterns, filter });
const webhook = fc.record({
  created: fc.record({ slot: fc.nat(10), enabled: fc.boolean(), eventTypes: patterns, filter }),
  changes: fc.array(change, { maxLength: 5 }),
  deleted: fc.boolean(),
  shared: fc.boolean(),
});
const event = fc.record({
  slot,
  type: fc.constantFrom(...TYPES),
  application: fc.constantFrom(null, "shop", "desk"),
  environment: fc.constantFrom(null, "production", "test"),
  team: fc.constantFrom("a", "b"),
  /** Which webhook an event of the engine is about. */
  about: fc.nat(2),
});
const fate = fc.constantFrom("none", "none", "delivered", "failed", "untried", "pending", "cancelled");
const history = fc.record({
  webhooks: fc.array(webhook, { minLength: 1, maxLength: 3 }),
  events: fc.array(event, { maxLength: 25 }),
  fates: fc.array(fate, { minLength: 75, maxLength: 75 }),
  from: slot,
  to: slot,
  types: fc.option(patterns, { nil: undefined }),
  narrowed: fc.boolean(),
});
type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;
type Version = { slot: number; enabled: boolean; eventTypes: string[]; filter: WebhookFilter | null };

describe("a preview", () => {
  it("counts exactly what a plain reading of the history gives", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        const actor = await createTestProject();
        const stored = await store(actor, given);
        const [from, to] = [Math.min(given.from, given.to), Math.max(given.from, given.to) + 1];
        for (const kind of ["failed", "missing", "while_disabled"] as const) {
          const preview = await previewReplay(
            actor,
            replayScopeBody.parse({
              kind,
              from: timeOf(from).toISOString(),
              to: timeOf(to).toISOString(),
              ...(given.types && { event_types: given.types }),
              ...(given.narrowed && { webhook_ids: [stored.webhooks[0]?.id ?? ""] }),
            }),
          );
          expect(countsOf(preview)).toEqual(reference(kind, given, stored, { from, to }));
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

async function store(actor: Actor, given: History) {
  const { projectId } = actor;
  const webhooks = given.webhooks.map(({ created, changes, deleted, shared }, index) => {
    const versions: Version[] = [created, ...changes.filter((one) => one.slot > created.slot)].toSorted(
      (a, b) => a.slot - b.slot,
    );
    const url = shared ? "https://example.com/shared" : `https://example.com/${index}`;
    return { id: newIdAt("webhook", timeOf(created.slot)), url, versions, deleted };
  });
  const events = given.events.map((one) => ({ ...one, id: newIdAt("event", timeOf(one.slot)) }));
  for (const { id, url, versions, deleted } of webhooks) {
    const last = versions.at(-1);
    if (!last) throw new Error("A webhook has a first version.");
    await db.webhook.create({
      data: {
        id,
        projectId,
        url,
        retry: { preset: "quick" },
        ...subscription(last),
        ...(deleted && { enabled: false, deletedAt: timeOf(SLOTS) }),
      },
    });
    await db.webhookChange.createMany({
      data: [
        ...versions.map((version, index) => ({
          webhookId: id,
          projectId,
          at: timeOf(version.slot),
          kind: index === 0 ? "created" : "updated",
          by: "system",
          url,
          ...subscription(version),
        })),
        ...(deleted
          ? [
              {
                webhookId: id,
                projectId,
                at: timeOf(SLOTS),
                kind: "deleted",
                by: "system",
                url,
                ...subscription(last),
                enabled: false,
              },
            ]
          : []),
      ],
    });
  }
  await db.event.createMany({
    data: events.map(({ id, slot: at, type, application, environment, team, about }) => ({
      id,
      projectId,
      type,
      body: JSON.stringify({ id, type, data: { webhook_id: webhooks[about]?.id ?? "wh_other", text: "\u0000" } }),
      labels: { team },
      application,
      environment,
      correlationId: id,
      source: type === "webhook.test" ? "test" : "api",
      occurredAt: timeOf(at),
      createdAt: timeOf(at),
    })),
  });
  const deliveries = events.flatMap((one, row) =>
    webhooks.flatMap((target, column) => {
      const fateOf = given.fates[(row * 3 + column) % given.fates.length] ?? "none";
      if (fateOf === "none") return [];
      const status = fateOf === "untried" ? "failed" : fateOf;
      return [{ event: one, target, status, tried: fateOf !== "untried" }];
    }),
  );
  await db.delivery.createMany({
    data: deliveries.map(({ event: one, target, status, tried }) => ({
      id: newIdAt("delivery", timeOf(one.slot)),
      projectId,
      eventId: one.id,
      webhookId: target.id,
      eventType: one.type,
      url: target.url,
      status,
      maxAttempts: 4,
      attemptCount: tried ? 4 : 0,
      nextAttemptAt: null,
      createdAt: timeOf(one.slot),
      completedAt: status === "pending" ? null : timeOf(SLOTS),
    })),
  });
  return { webhooks, events, deliveries };
}

function subscription({ enabled, eventTypes, filter: given }: Version) {
  return { enabled, eventTypes, filter: given ?? Prisma.DbNull };
}

type Counts = Record<string, { count: number; repeats: number }>;

/** By webhook, with what cannot be sent beside what can; and by type. */
function countsOf(preview: ReplayPreview) {
  const sendable: Counts = {};
  for (const { webhook_id, count, repeats } of preview.webhooks) sendable[webhook_id] = { count, repeats };
  return {
    total: preview.total,
    repeats: preview.repeats,
    sendable,
    skipped: Object.fromEntries(preview.skipped.map((one) => [`${one.webhook_id} ${one.reason}`, one.count])),
    types: Object.fromEntries(preview.event_types.map(({ event_type, count }) => [event_type, count])),
  };
}

/** Event by event and webhook by webhook, as one would do it by hand. */
function reference(
  kind: ReplayKind,
  given: History,
  { webhooks, events, deliveries }: Awaited<ReturnType<typeof store>>,
  range: { from: number; to: number },
) {
  const sendable: Counts = {};
  const skipped: Record<string, number> = {};
  const types: Record<string, number> = {};
  for (const [index, target] of webhooks.entries()) {
    if (given.narrowed && index > 0) continue;
    for (const one of events) {
      if (one.slot < range.from || one.slot >= range.to) continue;
      if (given.types && !given.types.some((pattern) => patternMatches(pattern, one.type))) continue;
      const own = deliveries.find((delivery) => delivery.event === one && delivery.target === target);
      let repeat: boolean;
      if (kind === "failed") {
        if (own?.status !== "failed" || one.type === "webhook.test") continue;
        repeat = own.tried;
      } else {
        const version =
          kind === "missing" ? target.versions.at(-1) : target.versions.findLast((other) => other.slot <= one.slot);
        if (own || !version || one.type === "webhook.test") continue;
        if (kind === "missing" && target.deleted) continue;
        if (kind === "while_disabled" && version.enabled) continue;
        if (one.type === "endpoint.warning" && webhooks[one.about] === target) continue;
        if (!version.eventTypes.some((pattern) => patternMatches(pattern, one.type))) continue;
        if (!passesFilter(version.filter, one)) continue;
        repeat = deliveries.some(
          (other) => other.event === one && other.target.url === target.url && other.status === "delivered",
        );
      }
      const blocked = target.deleted ? "webhook_deleted" : target.versions.at(-1)?.enabled ? null : "webhook_disabled";
      if (blocked !== null) {
        skipped[`${target.id} ${blocked}`] = (skipped[`${target.id} ${blocked}`] ?? 0) + 1;
        continue;
      }
      const sum = sendable[target.id] ?? { count: 0, repeats: 0 };
      sendable[target.id] = { count: sum.count + 1, repeats: sum.repeats + (repeat ? 1 : 0) };
      types[one.type] = (types[one.type] ?? 0) + 1;
    }
  }
  const sums = Object.values(sendable);
  return {
    total: sums.reduce((sum, { count }) => sum + count, 0),
    repeats: sums.reduce((sum, { repeats }) => sum + repeats, 0),
    sendable,
    skipped,
    types,
  };
}

function passesFilter(wanted: WebhookFilter | null, one: History["events"][number]): boolean {
  if (wanted?.applications && !(one.application !== null && wanted.applications.includes(one.application)))
    return false;
  if (wanted?.environments && !(one.environment !== null && wanted.environments.includes(one.environment)))
    return false;
  return !wanted?.labels || wanted.labels.team === one.team;
}
