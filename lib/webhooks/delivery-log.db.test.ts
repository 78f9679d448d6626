import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { type DeliveryClauses, deliveryFilter } from "@/lib/contracts/deliveries";
import { DELIVERY_LOG_LIMITS } from "@/lib/contracts/delivery-log";
import { db } from "@/lib/db/client";
import { newIdAt } from "@/lib/ids";
import { getHistogram } from "@/lib/webhooks/delivery-histogram";
import { listDeliveries, pageOfIds } from "@/lib/webhooks/delivery-queries";
import { createTestProject, createTestWebhook, testActor } from "@/lib/webhooks/testing";

const NOW = new Date("2026-03-01T12:00:00Z");
const MINUTE = 60_000;

const OUTCOMES = [
  { status: "delivered", httpStatus: 200, attemptCount: 1 },
  { status: "delivered", httpStatus: 204, attemptCount: 3 },
  { status: "failed", httpStatus: 500, attemptCount: 4 },
  { status: "failed", httpStatus: 410, attemptCount: 1, trigger: "replay", replayId: "rpl_one" },
  { status: "failed", httpStatus: null, errorCode: "timeout", attemptCount: 4 },
  { status: "cancelled", httpStatus: null, attemptCount: 0 },
  { status: "pending", httpStatus: null, attemptCount: 0, trigger: "test" },
  { status: "pending", httpStatus: 302, attemptCount: 2, trigger: "manual" },
  { status: "pending", httpStatus: null, attemptCount: 1, leased: true },
] as const;

type Row = (typeof OUTCOMES)[number] & { id: string; webhookId: string; eventType: string; at: Date };

/** 270 deliveries, one a minute, of three webhooks and two types, with each outcome equally often. */
let rows: Row[];
let actor: Actor;
let correlated: string;

beforeAll(async () => {
  actor = await createTestProject();
  const stranger = await createTestProject();
  const webhooks: string[] = [];
  for (let index = 0; index < 3; index += 1) {
    const url = "https://example.com/hook";
    webhooks.push((await createTestWebhook(actor, { url, event_types: ["*"] })).id);
  }
  const theirs = (await createTestWebhook(stranger, { url: "https://example.com/other", event_types: ["*"] })).id;
  rows = Array.from({ length: 270 }, (_, index) => {
    const at = new Date(NOW.getTime() - (index + 1) * MINUTE);
    return {
      ...(OUTCOMES[index % OUTCOMES.length] ?? OUTCOMES[0]),
      id: newIdAt("delivery", at),
      webhookId: webhooks[Math.floor(index / 9) % 3] ?? "",
      eventType: Math.floor(index / 27) % 2 === 0 ? "instance.started" : "instance.stopped",
      at,
    };
  });
  correlated = newIdAt("event", NOW);
  await insert(actor.projectId, rows);
  await insert(
    stranger.projectId,
    rows.map((row) => ({ ...row, id: newIdAt("delivery", row.at), webhookId: theirs })),
  );
});

async function insert(projectId: string, given: Row[]) {
  const events = given.map(({ at, eventType }, index) => ({
    id: newIdAt("event", at),
    projectId,
    type: eventType,
    body: "{}",
    correlationId: index % 10 === 0 ? `${correlated}-${projectId}` : `own-${index}`,
    source: "api",
    occurredAt: at,
    createdAt: at,
  }));
  await db.event.createMany({ data: events });
  await db.delivery.createMany({
    data: given.map((row, index) => ({
      id: row.id,
      projectId,
      eventId: events[index]?.id ?? "",
      webhookId: row.webhookId,
      eventType: row.eventType,
      url: "https://example.com/hook",
      status: row.status,
      attemptCount: row.attemptCount,
      maxAttempts: 4,
      httpStatus: row.httpStatus,
      errorCode: "errorCode" in row ? row.errorCode : null,
      trigger: "trigger" in row ? row.trigger : "auto",
      replayId: "replayId" in row ? row.replayId : null,
      leaseUntil: "leased" in row ? new Date(Date.now() + 3_600_000) : null,
      createdAt: row.at,
    })),
  });
}

type Case = [name: string, query: Record<string, string>, holds: (row: Row, index: number) => boolean];

const webhook = (index: number) => rows[index * 9]?.webhookId ?? "";
const statusOf = (row: Row) => ("leased" in row ? "delivering" : row.status);
const cases = (): Case[] => [
  ["nothing", {}, () => true],
  ["one webhook", { webhook_id: webhook(1) }, (row) => row.webhookId === webhook(1)],
  ["several webhooks", { webhook_id: `${webhook(0)},${webhook(2)}` }, (row) => row.webhookId !== webhook(1)],
  ["several types", { event_type: "instance.started,instance.stopped" }, () => true],
  ["one type", { event_type: "instance.stopped" }, (row) => row.eventType === "instance.stopped"],
  ["delivered", { status: "delivered" }, (row) => row.status === "delivered"],
  ["bad ends", { status: "failed,cancelled" }, (row) => row.status === "failed" || row.status === "cancelled"],
  ["waiting", { status: "pending" }, (row) => statusOf(row) === "pending"],
  ["under way", { status: "delivering" }, (row) => statusOf(row) === "delivering"],
  ["waiting or under way", { status: "pending,delivering" }, (row) => row.status === "pending"],
  ["waiting or failed", { status: "pending,failed" }, (row) => ["pending", "failed"].includes(statusOf(row))],
  ["delivered or waiting", { status: "delivered,pending" }, (row) => ["delivered", "pending"].includes(statusOf(row))],
  ["5xx", { http: "5xx" }, (row) => row.httpStatus === 500],
  ["2xx", { http: "2xx" }, (row) => row.status === "delivered"],
  ["3xx or 4xx", { http: "3xx,4xx" }, (row) => row.httpStatus === 302 || row.httpStatus === 410],
  ["no answer", { http: "none" }, (row) => row.httpStatus === null],
  ["5xx of what was delivered", { http: "5xx", status: "delivered" }, () => false],
  ["an error code", { error_code: "timeout" }, (row) => "errorCode" in row],
  ["several error codes", { error_code: "timeout,dns_failed" }, (row) => "errorCode" in row],
  ["more than one attempt", { min_attempts: "2" }, (row) => row.attemptCount >= 2],
  ["tests", { trigger: "test" }, (row) => "trigger" in row && row.trigger === "test"],
  ["manual or replayed", { trigger: "manual,replay" }, (row) => "trigger" in row && row.trigger !== "test"],
  ["a replay", { replay_id: "rpl_one" }, (row) => "replayId" in row],
  ["another replay", { replay_id: "rpl_two" }, () => false],
  ["since", { from: at(99) }, (_row, index) => index <= 99],
  ["before", { to: at(99) }, (_row, index) => index > 99],
  ["a workflow", { q: `${correlated}-${actor.projectId}` }, (_row, index) => index % 10 === 0],
  ["the beginning of a webhook's id", { q: webhook(1).slice(0, -1) }, (row) => row.webhookId === webhook(1)],
  ["the beginning of a delivery's id", { q: rows[7]?.id.slice(0, 20) ?? "" }, (_row, index) => index === 7],
  ["nothing known", { q: "nonsense" }, () => false],
  [
    "everything at once",
    {
      webhook_id: `${webhook(0)},${webhook(1)}`,
      event_type: "instance.started",
      status: "failed,pending",
      http: "5xx,none",
      min_attempts: "1",
      trigger: "auto,test",
      from: at(200),
      to: at(3),
    },
    (row, index) =>
      row.webhookId !== webhook(2) &&
      row.eventType === "instance.started" &&
      ["failed", "pending"].includes(statusOf(row)) &&
      (row.httpStatus === 500 || row.httpStatus === null) &&
      row.attemptCount >= 1 &&
      (!("trigger" in row) || row.trigger === "test") &&
      index <= 200 &&
      index > 3,
  ],
];

function at(index: number): string {
  return rows[index]?.at.toISOString() ?? "";
}

async function listed(clauses: DeliveryClauses, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listDeliveries(actor, { ...clauses, limit, cursor });
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

describe("the delivery log", () => {
  it("answers each filter with the very rows, newest first, on pages of any size", async () => {
    for (const [name, query, holds] of cases()) {
      const expected = rows.filter(holds).map(({ id }) => id);
      const clauses = deliveryFilter.parse(query);
      expect(await listed(clauses, 200), name).toEqual(expected);
      expect(await listed(clauses, 7), `${name}, by sevens`).toEqual(expected);
    }
  });

  it("draws in its chart the very rows of its list", async () => {
    for (const [name, query, holds] of cases()) {
      const expected = rows.filter(holds);
      const histogram = await getHistogram(actor, deliveryFilter.parse(query), NOW);
      expect(histogram.total, name).toBe(expected.length);
      expect(histogram.complete).toBe(true);
      expect(histogram.buckets.length).toBeLessThanOrEqual(DELIVERY_LOG_LIMITS.buckets);
      const drawn = (status: "delivered" | "failed" | "pending" | "cancelled") =>
        histogram.buckets.map((bucket) => bucket[status]);
      for (const status of ["delivered", "failed", "pending", "cancelled"] as const) {
        const inBuckets = histogram.buckets.map(
          ({ at }) =>
            expected.filter((row) => {
              const since = row.at.getTime() - Date.parse(at);
              return row.status === status && since >= 0 && since < histogram.bucket_s * 1000;
            }).length,
        );
        expect(drawn(status), `${name}: ${status}`).toEqual(inBuckets);
      }
    }
  });

  it("finds the same rows when each page may look at few only, and then says how far it looked", async () => {
    for (const [name, query, holds] of cases()) {
      const expected = rows.filter(holds).map(({ id }) => id);
      const ids: string[] = [];
      let pages = 0;
      let cursor: string | undefined;
      do {
        const page = await pageOfIds(actor.projectId, { ...deliveryFilter.parse(query), limit: 5, cursor }, NOW, 20);
        ids.push(...page.ids);
        cursor = page.next_cursor ?? undefined;
        pages += 1;
      } while (cursor !== undefined);
      expect(ids, name).toEqual(expected);
      if (name === "tests") expect(pages, "many pages, most of them short").toBeGreaterThan(10);
    }
  });

  it("shortens the chart's time instead of counting in part", async () => {
    const whole = await getHistogram(actor, {}, NOW, 1000);
    const part = await getHistogram(actor, {}, NOW, 100);
    expect(whole).toMatchObject({ complete: true, total: 270 });
    expect(part.complete).toBe(false);
    expect(part.total).toBe(rows.filter((row) => row.at.toISOString() >= part.from).length);
    expect(part.total).toBeGreaterThan(90);
    expect(part.total).toBeLessThanOrEqual(100);
    expect(Date.parse(part.from) % (part.bucket_s * 1000)).toBe(0);
  });

  it("refuses values and numbers of values that it does not know", () => {
    const refused = [
      { status: "gone" },
      { http: "200" },
      { trigger: "" },
      { min_attempts: "-1" },
      { min_attempts: "x" },
    ];
    for (const query of refused) expect(deliveryFilter.safeParse(query).success, JSON.stringify(query)).toBe(false);
    const many = (count: number) => ({ webhook_id: Array.from({ length: count }, (_, n) => `wh_${n}`).join() });
    expect(deliveryFilter.safeParse(many(50)).success).toBe(true);
    expect(deliveryFilter.safeParse(many(51)).success).toBe(false);
  });

  it("shows its chart to those who may read it, and nothing of another project", async () => {
    const stranger = await createTestProject();
    expect((await getHistogram(stranger, { webhook_id: [webhook(0)] }, NOW)).total).toBe(0);
    expect((await getHistogram(stranger, { replay_id: "rpl_one" }, NOW)).total).toBe(0);
    await expect(getHistogram(testActor(actor.projectId, "viewer"), {}, NOW)).resolves.toMatchObject({ total: 270 });
    const powerless = { ...actor, permissions: new Set<never>() };
    await expect(getHistogram(powerless, {}, NOW)).rejects.toMatchObject({ code: "forbidden" });
  });
});
