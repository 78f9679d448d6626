import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { afterEach, beforeEach } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { createEgressPolicy } from "@/lib/net/address";
import { createGuardedClient } from "@/lib/net/guarded-request";
import { Pump, type PumpOptions } from "@/lib/queue/pump";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject, startReceiver, type TestReceiver } from "@/lib/webhooks/testing";

/** Runs a real pump against the test's database; deliveries may reach loopback. */
export function startPump(options: Partial<PumpOptions> = {}): { pump: Pump; stop: () => Promise<void> } {
  const client = createGuardedClient({ policy: createEgressPolicy(["127.0.0.0/8"]) });
  const pump = new Pump({ pool: pool(), client, concurrency: 32, perWebhook: 8, ...options });
  const stopping = new AbortController();
  const running = pump.run(stopping.signal);
  return {
    pump,
    stop: async () => {
      stopping.abort();
      await running;
      await client.close();
    },
  };
}

/** The test's pool, and the names of the queue's statements that went through it, and of those that have come back. */
export function recordingPool(): { recorded: Pool; statements: string[]; finished: string[] } {
  const statements: string[] = [];
  const finished: string[] = [];
  const recorded = new Proxy(pool(), {
    get(target, key) {
      if (key !== "query") return Reflect.get(target, key);
      return (query: { name: string; text: string; values: unknown[] }) => {
        statements.push(query.name);
        return target.query(query).finally(() => finished.push(query.name));
      };
    },
  });
  return { recorded, statements, finished };
}

/** Waits until the condition holds. @throws Error naming what was waited for, after the time. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await sleep(20);
  }
}

export function untilSettled(projectId: string, timeoutMs?: number): Promise<void> {
  return until(
    "all deliveries settled",
    async () => {
      const { rows } = await pool().query(
        "SELECT count(*)::int AS n FROM delivery WHERE project_id = $1 AND status = 'pending'",
        [projectId],
      );
      return rows[0].n === 0;
    },
    timeoutMs,
  );
}

/** Sets up a project for each test of a file and closes whatever the test opened. */
export function useDeliveries() {
  const opened: (() => Promise<void>)[] = [];
  let actor: Actor;
  beforeEach(async () => {
    actor = await createTestProject();
  });
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
  const emitNow = (data: Record<string, unknown> = { instance_id: "i-1" }, type = "instance.started") =>
    transaction((tx) => emit(tx, actor.projectId, { type, data, source: "api" }));
  return {
    actor: () => actor,
    emitNow,
    /** @returns the id of the one delivery. */
    emitOne: async (data?: Record<string, unknown>, type?: string): Promise<string> => {
      const [delivery] = (await emitNow(data, type)).deliveries;
      if (!delivery) throw new Error("No webhook matched.");
      return delivery.id;
    },
    receiver: async (answer?: Parameters<typeof startReceiver>[0]): Promise<TestReceiver> => {
      const started = await startReceiver(answer);
      opened.push(started.close);
      return started;
    },
    /** What is to be closed after the test, before what was opened earlier. */
    opened: (close: () => Promise<void>): void => {
      opened.push(close);
    },
    pump: (options?: Partial<PumpOptions>) => {
      opened.push(startPump(options).stop);
    },
    settled: (timeoutMs?: number) => untilSettled(actor.projectId, timeoutMs),
  };
}
