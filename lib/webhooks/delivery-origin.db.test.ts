import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import { beforeEach, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const started = { type: "instance.started", data: {}, source: "api" } as const;

let actor: Actor;
beforeEach(async () => {
  actor = await createTestProject();
});

const addWebhook = () => createTestWebhook(actor, { url: "https://example.com/", event_types: ["*"] });
const emitNow = () => transaction((tx) => emit(tx, actor.projectId, started));
const deliveries = () => db.delivery.count({ where: { projectId: actor.projectId } });

type Queryable = Pick<PoolClient, "query">;

function insert(client: Queryable, origins: { eventId: string; webhookId: string }[]) {
  return client.query(
    `INSERT INTO delivery (id, project_id, event_id, webhook_id, event_type, url, max_attempts)
     SELECT id, $2, event_id, webhook_id, 'instance.started', 'https://example.com/', 1
       FROM unnest($1::text[], $3::text[], $4::text[]) AS d (id, event_id, webhook_id)`,
    [
      origins.map(() => newId("delivery")),
      actor.projectId,
      origins.map(({ eventId }) => eventId),
      origins.map(({ webhookId }) => webhookId),
    ],
  );
}

async function orphans(): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(
    `SELECT count(*)::int AS n FROM delivery d
      WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.id = d.event_id)
         OR NOT EXISTS (SELECT 1 FROM webhook w WHERE w.id = d.webhook_id)`,
  );
  return rows[0]?.n ?? 0;
}

/** Resolves when the connection waits for another's lock. */
async function blocked(pid: number): Promise<void> {
  for (;;) {
    const { rows } = await pool().query("SELECT 1 WHERE cardinality(pg_blocking_pids($1)) > 0", [pid]);
    if (rows.length > 0) return;
    await sleep(5);
  }
}

async function inTwoConnections(work: (a: PoolClient, b: PoolClient, pidOfB: number) => Promise<void>): Promise<void> {
  const [a, b] = await Promise.all([pool().connect(), pool().connect()]);
  try {
    const { rows } = await b.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    await work(a, b, rows[0]?.pid ?? 0);
  } finally {
    // Closed rather than given back: a failed test may leave a transaction open.
    a.release(true);
    b.release(true);
  }
}

test("a delivery without its event or its webhook is refused, and the whole statement with it", async () => {
  const webhook = await addWebhook();
  const event = await emitNow();
  await db.delivery.deleteMany({ where: { eventId: event.id } });
  const good = { eventId: event.id, webhookId: webhook.id };

  await expect(insert(pool(), [good, { ...good, eventId: newId("event") }])).rejects.toMatchObject({
    code: "23503",
    constraint: "delivery_event_id_fkey",
  });
  await expect(insert(pool(), [good, { ...good, webhookId: newId("webhook") }])).rejects.toMatchObject({
    code: "23503",
    constraint: "delivery_webhook_id_fkey",
  });
  expect(await deliveries()).toBe(0);
  await insert(pool(), [good]);
  await insert(pool(), []);
  expect(await deliveries()).toBe(1);
});

test("deliveries go with their event, their webhook and their project", async () => {
  const [first] = [await addWebhook(), await addWebhook(), await addWebhook()];
  const event = await emitNow();
  await emitNow();
  expect(await deliveries()).toBe(6);
  await db.event.delete({ where: { id: event.id } });
  expect(await deliveries()).toBe(3);
  await db.webhook.delete({ where: { id: first.id } });
  expect(await deliveries()).toBe(2);
  await db.project.delete({ where: { id: actor.projectId } });
  expect(await deliveries()).toBe(0);
});

test.each(["event", "webhook"])(
  "deleting the %s waits for a delivery that is being stored and takes it along",
  (table) =>
    inTwoConnections(async (a, b, pidOfB) => {
      const webhook = await addWebhook();
      const { id: eventId } = await emitNow();
      await db.delivery.deleteMany({ where: { eventId } });
      await a.query("BEGIN");
      await insert(a, [{ eventId, webhookId: webhook.id }]);
      const deleting = b.query(`DELETE FROM ${table} WHERE id = $1`, [table === "event" ? eventId : webhook.id]);
      await blocked(pidOfB);
      await a.query("COMMIT");
      await deleting;
      expect(await deliveries()).toBe(0);
    }),
);

test.each(["event", "webhook"])("a delivery waits for the deletion of its %s and is refused", (table) =>
  inTwoConnections(async (a, b, pidOfB) => {
    const webhook = await addWebhook();
    const { id: eventId } = await emitNow();
    await db.delivery.deleteMany({ where: { eventId } });
    await a.query("BEGIN");
    await a.query(`DELETE FROM ${table} WHERE id = $1`, [table === "event" ? eventId : webhook.id]);
    const refused = expect(insert(b, [{ eventId, webhookId: webhook.id }])).rejects.toMatchObject({ code: "23503" });
    await blocked(pidOfB);
    await a.query("COMMIT");
    await refused;
    expect(await deliveries()).toBe(0);
  }),
);

test("whatever is emitted while webhooks, events and projects are deleted, no orphan is left", async () => {
  const projects = await Promise.all(Array.from({ length: 4 }, () => createTestProject()));
  await Promise.all(
    projects.flatMap((owner) =>
      Array.from({ length: 5 }, () => createTestWebhook(owner, { url: "https://example.com/", event_types: ["*"] })),
    ),
  );
  const emitting = projects.map(async ({ projectId }, index) => {
    for (let round = 0; round < 25; round += 1) {
      // Whose webhook went in between is told so.
      await transaction((tx) => emit(tx, projectId, started)).catch((error: unknown) =>
        expect(String(error)).toMatch(/does not exist/),
      );
      if (index === 0 && round === 15) await db.project.delete({ where: { id: projectId } });
    }
  });
  const deleting = projects.map(async ({ projectId }) => {
    for (let round = 0; round < 20; round += 1) {
      await pool().query("DELETE FROM event WHERE id IN (SELECT id FROM event WHERE project_id = $1 LIMIT 1)", [
        projectId,
      ]);
      if (round % 6 === 5) {
        await pool().query("DELETE FROM webhook WHERE id IN (SELECT id FROM webhook WHERE project_id = $1 LIMIT 1)", [
          projectId,
        ]);
      }
    }
  });
  await Promise.all([...emitting, ...deleting]);
  expect(await orphans()).toBe(0);
});

test("neither changes of ids, nor emptying one table, nor a deletion that cannot see all gets past", async () => {
  const webhook = await addWebhook();
  const other = await addWebhook();
  const event = await emitNow();
  const refused = (statement: string, values: string[] = []) =>
    expect(pool().query(statement, values)).rejects.toMatchObject({ code: "23503" });
  await refused("UPDATE delivery SET webhook_id = $1 WHERE webhook_id = $2", [newId("webhook"), other.id]);
  await refused("UPDATE delivery SET event_id = $1 WHERE event_id = $2", [newId("event"), event.id]);
  await refused("UPDATE webhook SET id = $1 WHERE id = $2", [newId("webhook"), webhook.id]);
  await refused("UPDATE event SET id = $1 WHERE id = $2", [newId("event"), event.id]);
  await refused("TRUNCATE event");
  await expect(
    transaction((tx) => tx.event.delete({ where: { id: event.id } }), { isolation: "RepeatableRead" }),
  ).rejects.toThrow(/READ COMMITTED/);
  expect(await deliveries()).toBe(2);
  expect(await orphans()).toBe(0);
});
