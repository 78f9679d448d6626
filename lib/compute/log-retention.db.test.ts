import { beforeEach, expect, it } from "vitest";
import { readInstance } from "@/lib/compute/queries";
import { clearCompute, logOf, onlyInstance, settle } from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { createTestPool } from "@/lib/fleet/testing";
import { cleanUp } from "@/lib/queue/cleanup";
import { bookHours, createCustomer, hour } from "@/lib/reservations/testing";

const DAY_MS = 86_400_000;

beforeEach(clearCompute);

it("removes old lines of instances, and the steps of those that are over", async () => {
  const actor = await createCustomer();
  const pool = await createTestPool({ nodes: 2, lanes: 1 });
  const short = await bookHours(actor, pool.id, [0, 1]);
  const long = await bookHours(actor, pool.id, [0, 48]);
  await settle(hour(0));
  await settle(hour(1));
  const over = await onlyInstance(short.id);
  const lasting = await onlyInstance(long.id);
  expect([over.endedAt === null, lasting.endedAt]).toEqual([false, null]);
  const written = await db.instanceLog.findFirstOrThrow({ orderBy: { at: "desc" } });
  await db.instanceLog.create({
    data: { instanceId: lasting.id, projectId: actor.projectId, level: "info", message: "A day later.", at: hour(24) },
  });
  const before = await readInstance(db, actor.projectId, lasting.id);
  expect(before.life.map(({ status }) => status)).toEqual(["requested", "starting", "running"]);
  // Told, but no step.
  await db.instanceLog.create({
    data: { instanceId: lasting.id, projectId: actor.projectId, level: "info", message: "Told.", at: hour(0) },
  });

  const keptMs = env.INSTANCE_LOG_RETENTION_DAYS * DAY_MS;
  await cleanUp(new Date(hour(0).getTime() + keptMs));
  expect(await logOf(over.id), "not a moment early").not.toEqual([]);
  const { instance_logs } = await cleanUp(new Date(written.at.getTime() + keptMs + 1));
  expect(instance_logs).toBeGreaterThan(3);
  expect(await logOf(over.id)).toEqual([]);
  const log = await logOf(lasting.id);
  expect(log).toContain("A day later.");
  expect(log).not.toContain("Told.");
  expect((await readInstance(db, actor.projectId, lasting.id)).life).toEqual(before.life);
});
