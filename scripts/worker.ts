/** npm run worker: delivers webhooks and runs scheduled work. Start as many as you like. */
import { endSignal, reportReady } from "./launcher/child";
import { run } from "./launcher/run";

await run(async () => {
  const signal = endSignal();
  const { runWorker } = await import("@/lib/queue/worker");
  reportReady();
  await runWorker({ signal });
  process.exit(0);
});
