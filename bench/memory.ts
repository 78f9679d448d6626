import { readFileSync } from "node:fs";
import { pool } from "@/lib/db/pool";
import { createWebhooks, pause, preload, round, startReceiver, startWorker, stopWorker } from "./support";

const DELIVERIES = 1_000_000;
const WEBHOOKS = 200;

/** The most memory that a worker takes while it drains a million deliveries; beside it what it takes with nothing to do. */
export async function run(say: (line: string) => void) {
  const receiver = await startReceiver();
  const { projectId, webhooks } = await createWebhooks(Array.from({ length: WEBHOOKS }, () => `${receiver.url}/`));
  const idleWorker = startWorker();
  await pause(5_000);
  const idle = residentMib(idleWorker.pid);
  await stopWorker(idleWorker);
  await preload(projectId, webhooks, DELIVERIES);
  const worker = startWorker();
  const startedAt = performance.now();
  let most = 0;
  let left = DELIVERIES;
  while (left > 0) {
    await pause(1_000);
    most = Math.max(most, residentMib(worker.pid));
    const done = await receiver.count();
    if (left - (DELIVERIES - done) > 100_000) say(`${done} delivered, ${most} MiB`);
    left = DELIVERIES - done;
    if (left <= 0) left = await waiting(projectId);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await stopWorker(worker);
  receiver.stop();
  return {
    deliveries: DELIVERIES,
    idle_mib: idle,
    most_mib: most,
    ratio: round(most / idle),
    per_s: round(DELIVERIES / seconds),
  };
}

async function waiting(projectId: string): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(
    "SELECT count(*)::int AS n FROM delivery WHERE project_id = $1 AND completed_at IS NULL",
    [projectId],
  );
  return rows[0]?.n ?? 0;
}

/** Resident set in MiB, from /proc (Linux). */
function residentMib(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
}
