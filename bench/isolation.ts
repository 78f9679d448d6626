import { pool } from "@/lib/db/pool";
import { createWebhooks, pause, preload, round, startReceiver, startWorker } from "./support";

const HEALTHY = 40;
const DEAD = 10;
const PER_WEBHOOK = 300;

/** Throughput of healthy webhooks while a fifth of all webhooks never answer ÷ without them. */
export async function run(say: (line: string) => void) {
  const receiver = await startReceiver();
  const alone = await healthyRate(receiver.url, 0);
  say(`healthy alone: ${Math.round(alone)}/s`);
  const beside = await healthyRate(receiver.url, DEAD);
  say(`beside ${DEAD} dead ones: ${Math.round(beside)}/s`);
  receiver.stop();
  return { alone_per_s: round(alone), beside_dead_per_s: round(beside), ratio: round(beside / alone) };
}

async function healthyRate(url: string, dead: number): Promise<number> {
  const healthy = await createWebhooks(Array.from({ length: HEALTHY }, () => `${url}/`));
  const hanging = await createWebhooks(Array.from({ length: dead }, () => `${url}/hang`));
  if (dead > 0) await preload(hanging.projectId, hanging.webhooks, dead * PER_WEBHOOK);
  const worker = startWorker();
  // The dead ones get hold of everything they can before the measurement begins.
  await pause(4_000);
  await preload(healthy.projectId, healthy.webhooks, HEALTHY * PER_WEBHOOK);
  const startedAt = performance.now();
  for (;;) {
    const { rows } = await pool().query(
      "SELECT count(*)::int AS n FROM delivery WHERE project_id = $1 AND completed_at IS NULL",
      [healthy.projectId],
    );
    if (rows[0].n === 0) break;
    await pause(50);
  }
  const rate = (HEALTHY * PER_WEBHOOK) / ((performance.now() - startedAt) / 1000);
  worker.kill("SIGKILL");
  await pool().query("DELETE FROM event WHERE project_id = ANY($1)", [[healthy.projectId, hanging.projectId]]);
  return rate;
}
