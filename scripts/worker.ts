/** npm run worker: delivers webhooks and runs scheduled work. Start as many as you like; SIGHUP reloads the webhooks' file. */
import { setFlagsFromString } from "node:v8";
import { endSignal, hangUps, reportReady } from "./launcher/child";
import { run } from "./launcher/run";

// What a worker holds at a time is small, and what it is done with is much: left to itself, V8 lets hundreds of MiB of it
// gather where memory is plenty, and a machine runs many workers. Less than this costs more time than it saves memory.
setFlagsFromString("--heap-growing-percent=40");

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
