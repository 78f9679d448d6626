/** The worker: delivers webhooks and runs scheduled work. "npm run build" bundles it for scripts/built-worker.mjs. */
import { endSignal, hangUps, reportReady } from "./launcher/child";
import { run } from "./launcher/run";

await run(async () => {
  const signal = endSignal();
  const hungUp = hangUps();
  const { runWorker } = await import("@/lib/queue/worker");
  const { followWebhooksFile } = await import("@/lib/webhooks/file/follow");
  const { stopTracing } = await import("@/lib/telemetry/trace");
  reportReady();
  await Promise.all([runWorker({ signal }), followWebhooksFile({ signal, hangUps: hungUp })]);
  await stopTracing();
  process.exit(0);
});
