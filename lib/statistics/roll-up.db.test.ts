import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { rollUpStats } from "@/lib/statistics/roll-up";
import { projectStatistics } from "@/lib/statistics/service";
import { addStats } from "@/lib/statistics/testing";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = new Date("2026-11-22T10:07:30Z");
/** Everything from 60 hours ago on, a row each minute. */
const MINUTES = 60 * 60;

describe("adding up statistics", () => {
  let actor: Actor;
  let ids: string[];
  const wholeMinute = Math.floor(NOW.getTime() / MINUTE) * MINUTE;

  beforeEach(async () => {
    await db.webhookStat.deleteMany();
    actor = await createTestProject();
    ids = [];
    for (const name of ["a", "b"]) {
      ids.push((await createTestWebhook(actor, { url: `https://example.com/${name}`, event_types: ["*"] })).id);
    }
    await addStats(
      ...ids.flatMap((webhookId, which) =>
        Array.from({ length: MINUTES }, (_, index) => ({
          webhookId,
          projectId: actor.projectId,
          minute: new Date(wholeMinute - index * MINUTE),
          delivered: 1,
          failed: index % 7 === 0 ? 1 : 0,
          attemptsFailed: index % 3,
          latencies: [1 + (index % 50) * 10, 200 + which * 1000, 3000],
          waits: [1, 5 + (index % 11), 90],
        })),
      ),
    );
  });

  const ranges = [
    {},
    { from: new Date(NOW.getTime() - HOUR).toISOString() },
    { from: new Date(NOW.getTime() - 7 * 24 * HOUR).toISOString() },
    { from: "2026-11-20T03:00:00Z", to: "2026-11-20T09:00:00Z" },
  ];
  const readAll = () => Promise.all(ranges.map((range) => projectStatistics(actor, range, NOW)));

  it("changes no answer, and leaves few rows", async () => {
    const before = await readAll();
    const { rows } = await rollUpStats(NOW);
    expect(await readAll()).toEqual(before);
    const left = await db.webhookStat.findMany({ where: { webhookId: ids[0] ?? "" } });
    // 3 hours of minutes, 47 of quarters, 10 of hours; a few more where a slot is not over yet.
    expect(left.length).toBeLessThan(3 * 60 + 47 * 4 + 10 + 30);
    expect(left.length).toBeGreaterThan(3 * 60 + 47 * 4 + 10 - 30);
    expect(rows).toBeGreaterThan(2 * (MINUTES - left.length));
    for (const { minute } of left) {
      const age = NOW.getTime() - minute.getTime();
      const span = age > 51 * HOUR ? HOUR : age > 3.25 * HOUR ? 15 * MINUTE : MINUTE;
      expect(minute.getTime() % span).toBe(0);
    }
    expect(await rollUpStats(NOW)).toEqual({ rows: 0 });
  });

  it("adds what comes late, and counts nothing twice when several workers do it at once", async () => {
    await rollUpStats(NOW);
    const late = new Date("2026-11-20T04:17:00Z");
    await addStats({
      webhookId: ids[0] ?? "",
      projectId: actor.projectId,
      minute: late,
      delivered: 100,
      latencies: [7],
    });
    const before = await readAll();
    await Promise.all([rollUpStats(NOW), rollUpStats(NOW), rollUpStats(NOW)]);
    expect(await readAll()).toEqual(before);
    const row = await db.webhookStat.findUnique({
      where: { webhookId_minute: { webhookId: ids[0] ?? "", minute: new Date("2026-11-20T04:00:00Z") } },
    });
    expect(row).toMatchObject({ delivered: 160 });
    expect(row?.latency.reduce((sum, count) => sum + count, 0)).toBe(60 * 3 + 1);
  });
});
