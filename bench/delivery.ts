import { createWebhooks, drain, preload, rawPosts, round, startReceiver } from "./support";

const DELIVERIES = 40_000;
const WEBHOOKS = 50;

/** Durable, signed, logged deliveries per second ÷ raw signed POSTs per second to the same receiver. */
export async function run(say: (line: string) => void) {
  const receiver = await startReceiver();
  await rawPosts(receiver.url, 2_000);
  const before = await rawPosts(receiver.url, DELIVERIES);
  say(`raw signed POSTs: ${Math.round(before)}/s`);
  const { projectId, webhooks } = await createWebhooks(Array.from({ length: WEBHOOKS }, () => `${receiver.url}/`));
  await preload(projectId, webhooks, DELIVERIES);
  const { perSecond: delivered, workerCpuUs, databaseCpuUs } = await drain(projectId);
  say(`delivered: ${Math.round(delivered)}/s`);
  const after = await rawPosts(receiver.url, DELIVERIES);
  receiver.stop();
  const raw = (before + after) / 2;
  return {
    deliveries_per_s: round(delivered),
    raw_posts_per_s: round(raw),
    ratio: round(delivered / raw),
    worker_cpu_us_per_delivery: workerCpuUs,
    database_cpu_us_per_delivery: databaseCpuUs,
  };
}
