import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";
import { createWebhooks, percentile, round } from "./support";

const TIMES = 300;

/** A transaction that changes a row and emits to 100 webhooks ÷ one that only changes the row. */
export async function run(say: (line: string) => void) {
  const { projectId } = await createWebhooks(Array.from({ length: 100 }, () => "https://example.com/"));
  const change = (index: number) => ({ where: { id: projectId }, data: { name: `bench ${index}` } });
  const plain = await median((index) => transaction((tx) => tx.project.update(change(index))));
  const emitting = await median((index) =>
    transaction(async (tx) => {
      await tx.project.update(change(index));
      await emit(tx, projectId, { type: "instance.started", data: { index }, source: "platform" });
    }),
  );
  say(`without ${plain} ms, with ${emitting} ms`);
  await db.$disconnect();
  return { without_ms: plain, with_ms: emitting, ratio: round(emitting / plain) };
}

async function median(work: (index: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < TIMES; index += 1) {
    const startedAt = performance.now();
    await work(index);
    times.push(performance.now() - startedAt);
  }
  return percentile(
    times.toSorted((a, b) => a - b),
    50,
  );
}
