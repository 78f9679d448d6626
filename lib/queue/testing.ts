import { setTimeout as sleep } from "node:timers/promises";
import { pool } from "@/lib/db/pool";
import { createEgressPolicy } from "@/lib/net/address";
import { createGuardedClient } from "@/lib/net/guarded-request";
import { Pump, type PumpOptions } from "@/lib/queue/pump";

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
        "SELECT count(*)::int AS n FROM delivery WHERE project_id = $1 AND status IN ('pending', 'delivering')",
        [projectId],
      );
      return rows[0].n === 0;
    },
    timeoutMs,
  );
}
