import { afterEach, describe, expect, it } from "vitest";
import { runArtifacts } from "@/lib/artifacts/runner";
import { createSeriesBody } from "@/lib/contracts/series";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { startPump, until } from "@/lib/queue/testing";
import { passTime } from "@/lib/reservations/life-cycle";
import { createSeries } from "@/lib/reservations/series";
import { bookHours, createCustomer, hour, T0 } from "@/lib/reservations/testing";
import { startReceiver } from "@/lib/webhooks/testing";

describe("the workflow of a reservation", () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  const start = async () => {
    const receiver = await startReceiver();
    stops.push(receiver.close, startPump().stop);
    const stopping = new AbortController();
    const running = runArtifacts(stopping.signal);
    stops.push(async () => {
      stopping.abort();
      await running;
    });
    return receiver;
  };

  it("reaches the webhook of the booking hours and days later, under one correlation id and in sequence", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const receiver = await start();
    const { id, correlation_id } = await bookHours(actor, pool.id, [30, 34], {
      gpu_count: 2,
      webhook: { url: receiver.url(), secret: "a secret of 20 chars" },
    });
    // Another booking of the project is none of its business.
    await bookHours(actor, pool.id, [30, 31]);
    await passTime({ now: hour(30) });
    await passTime({ now: hour(33.6) });
    await passTime({ now: hour(34) });
    await until("the report of its usage arrives", () => receiver.requests.length === 7);

    const got = receiver.requests.map(({ body }) => JSON.parse(body));
    expect(got.map(({ sequence, event_type, artifact }) => [sequence, event_type, artifact?.type])).toEqual([
      [1, "reservation.created", undefined],
      [2, "reservation.confirmed", undefined],
      [3, "reservation.started", undefined],
      [4, "reservation.ending", undefined],
      [5, "reservation.ended", undefined],
      [6, "artifact.published", "reservation.ended"],
      [7, "artifact.published", "reservation.usage"],
    ]);
    expect(new Set(got.map((event) => event.correlation_id))).toEqual(new Set([correlation_id]));
    expect(got[6].artifact.payload).toMatchObject({
      reservation_id: id,
      gpu_hours: 8,
      gpu_seconds: 8 * 3600,
      nodes: [{ gpus: 2, gpu_hours: 8 }],
    });
    expect(got[6].artifact.payload.captured_micros).toBe(got[6].artifact.payload.total_micros);
  });

  it("is begun with every booking, and refuses a URL that deliveries may not go to", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { correlation_id } = await bookHours(actor, pool.id, [1, 2], { title: "Training" });
    expect(
      await db.workflow.findFirst({ where: { projectId: actor.projectId, correlationId: correlation_id } }),
    ).toMatchObject({ kind: "reservation", title: "Training", lastSeq: 2 });
    await expect(bookHours(actor, pool.id, [3, 4], { webhook: { url: "http://10.0.0.1/" } })).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "webhook.url" }],
    });
    expect(await db.reservation.count({ where: { projectId: actor.projectId } })).toBe(1);
  });

  it("is one for each booking of a series, and all of them tell the series' webhook", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const receiver = await start();
    const body = createSeriesBody.parse({
      template: {
        pool_id: pool.id,
        gpu_count: 1,
        starts_at: hour(24).toISOString(),
        ends_at: hour(25).toISOString(),
      },
      rule: { frequency: "daily", count: 3 },
      webhook: { url: receiver.url(), secret: "a secret of 20 chars" },
    });
    await createSeries(actor, body, T0);
    await until("both events of each arrive", () => receiver.requests.length === 6);
    const got = receiver.requests.map((request) => JSON.parse(request.body));
    const byWorkflow = Map.groupBy(got, (event) => event.correlation_id);
    expect([...byWorkflow.values()].map((events) => events.map(({ sequence }) => sequence))).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    // The secret is at rest with the webhooks, encrypted, and nowhere else.
    const series = await db.reservationSeries.findFirstOrThrow({ where: { projectId: actor.projectId } });
    expect(JSON.stringify(series.template)).not.toContain("webhook");
  });
});
