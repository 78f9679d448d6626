/**
 * Emits events without end and tells of each only once its transaction has been committed. Killed in the middle by the
 * fault tests: what it told of must arrive. Argument: project id.
 */
import { transaction } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";

const projectId = process.argv[2] ?? "";
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (;;) {
      const event = await transaction((tx) =>
        emit(tx, projectId, { type: "instance.started", data: {}, source: "api" }),
      );
      for (const { id } of event.deliveries) process.send?.({ id });
    }
  }),
);
