import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";
import { createWebhooks, drained, pause, percentile, preload, round, startReceiver, startWorker } from "./support";
import { startTimedReceiver } from "./timed-receiver";

const HEALTHY = 40;
const DEAD = 10;
const PER_WEBHOOK = 500;

const BACKLOG = 20_000;
const WATCHED = 50;
const SENDS = 500;

/**
 * Throughput of healthy webhooks while a fifth of all webhooks never answer ÷ without them; and latency of 50 healthy
 * webhooks beside a single dead one with 20,000 due.
 */
export async function run(say: (line: string) => void) {
  const receiver = await startReceiver();
  const alone = await healthyRate(receiver.url, 0);
  say(`healthy alone: ${Math.round(alone)}/s`);
  const beside = await healthyRate(receiver.url, DEAD);
  say(`beside ${DEAD} dead ones: ${Math.round(beside)}/s`);
  const again = await healthyRate(receiver.url, 0);
  const latencies = await besideBacklog(receiver.url);
  receiver.stop();
  const yardstick = (alone + again) / 2;
  return {
    alone_per_s: round(yardstick),
    beside_dead_per_s: round(beside),
    ratio: round(beside / yardstick),
    backlog_of_dead: BACKLOG,
    sent_beside_it: SENDS,
    arrived: latencies.length,
    p50_ms: percentile(latencies, 50),
    p99_ms: percentile(latencies, 99),
  };
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
  await drained(healthy.projectId);
  const rate = (HEALTHY * PER_WEBHOOK) / ((performance.now() - startedAt) / 1000);
  worker.kill("SIGKILL");
  await pool().query("TRUNCATE event, delivery, attempt");
  return rate;
}

async function besideBacklog(url: string): Promise<number[]> {
  const timed = await startTimedReceiver();
  const dead = await createWebhooks([`${url}/hang`]);
  await preload(dead.projectId, dead.webhooks, BACKLOG);
  const watched = await createWebhooks(Array.from({ length: WATCHED }, () => timed.url));
  const worker = startWorker();
  await pause(4_000);
  const sent: { id: string; at: number }[] = [];
  for (let index = 0; index < SENDS / WATCHED; index += 1) {
    const event = await transaction((tx) =>
      emit(tx, watched.projectId, { type: "instance.started", data: { index }, source: "api" }),
    );
    const at = timed.now();
    sent.push(...event.deliveries.map(({ id }) => ({ id, at })));
    await pause(500);
  }
  await pause(2_000);
  worker.kill("SIGKILL");
  timed.stop();
  return timed.latencies(sent);
}
