/**
 * Emits events without end and tells of each only once its transaction has been committed. It, its database and the
 * connection between them are killed in the middle by the fault tests: what it told of must arrive.
 * Arguments: project id, EmitterOptions as JSON.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { transaction } from "@/lib/db/transaction";
import type { EmitterOptions } from "@/lib/queue/faults/world";
import { emit } from "@/lib/webhooks/emit";

/** Wait after a failure, as a caller of the API would. */
const FAILED_MS = 100;

const [projectId = "", options = "{}"] = process.argv.slice(2);
const { keys, everyMs } = JSON.parse(options) as EmitterOptions;

await Promise.all(
  Array.from({ length: keys }, async (_, key) => {
    let n = 0;
    for (;;) {
      try {
        const event = await transaction((tx) =>
          emit(tx, projectId, { type: "instance.started", data: { key: `k${key}`, n }, source: "api" }),
        );
        n += 1;
        process.send?.({ ids: event.deliveries.map(({ id }) => id) });
      } catch {
        // Whether it was stored is not known, so the same number comes again: numbers of a key have no gap.
        await sleep(FAILED_MS);
      }
      if (everyMs > 0) await sleep(everyMs);
    }
  }),
);
