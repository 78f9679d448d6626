/**
 * npm run worker: the worker as "npm run build" bundled it (scripts/worker.ts is its source). Start as many as you like;
 * SIGHUP reloads the webhooks' file.
 */
import { existsSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

const worker = new URL("../.next/worker/worker.mjs", import.meta.url);
if (!existsSync(worker)) {
  console.error('\nThe worker is not built yet. Run "npm run build" first.\n');
  process.exit(1);
}
// Of itself V8 lets the heap grow to four times what is alive before it collects. Twice takes a third less memory and no
// measurable CPU. The other half, --max-semi-space-size, has to be on the command line: see WORKER_COMMAND.
setFlagsFromString("--heap-growing-percent=100");
await import(worker.href);
