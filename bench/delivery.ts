import { openBullStack } from "./bullmq";
import { createWebhooks, drain, preload, rawPosts, round, startReceiver } from "./support";

const DELIVERIES = 150_000;
const RAW_POSTS = 100_000;
const BULL_JOBS = 50_000;
const WEBHOOKS = 50;

/**
 * Long enough for all three that the first second or two, in which code that was never run is compiled, count little.
 *
 * Durable, signed, logged deliveries per second ÷ raw signed POSTs per second to the same receiver, and beside BullMQ +
 * undici with one log row per delivery, when a Redis is reachable.
 */
export async function run(say: (line: string) => void) {
  const receiver = await startReceiver();
  await rawPosts(receiver.url, 2_000);
  const before = await rawPosts(receiver.url, RAW_POSTS);
  say(`raw signed POSTs: ${Math.round(before)}/s`);
  const { projectId, webhooks } = await createWebhooks(Array.from({ length: WEBHOOKS }, () => `${receiver.url}/`));
  await preload(projectId, webhooks, DELIVERIES);
  const { perSecond: delivered, workerCpuUs, databaseCpuUs } = await drain(projectId);
  say(`delivered: ${Math.round(delivered)}/s`);
  const after = await rawPosts(receiver.url, RAW_POSTS);
  const bull = await openBullStack();
  const bullPerSecond = bull && (await bull.drain(receiver.url, BULL_JOBS));
  say(bullPerSecond ? `BullMQ: ${Math.round(bullPerSecond)}/s` : "BullMQ: no Redis reachable, not measured");
  await bull?.close();
  receiver.stop();
  const raw = (before + after) / 2;
  return {
    deliveries_per_s: round(delivered),
    raw_posts_per_s: round(raw),
    ratio: round(delivered / raw),
    worker_cpu_us_per_delivery: workerCpuUs,
    database_cpu_us_per_delivery: databaseCpuUs,
    bullmq_per_s: bullPerSecond && round(bullPerSecond),
    ratio_to_bullmq: bullPerSecond && round(delivered / bullPerSecond),
  };
}
