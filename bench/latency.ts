import { fork } from "node:child_process";
import { once } from "node:events";
import { transaction } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";
import { createWebhooks, pause, percentile, startWorker, stopWorker } from "./support";

const EVENTS = 500;
const PER_SECOND = 50;

/** Emit committed → request at the receiver, at 50 events a second; beside it a direct POST of the same moment. */
export async function run(say: (line: string) => void) {
  const child = fork("bench/receiver.ts", { execArgv: ["--import", "tsx"] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  const arrived = new Map<string, number>();
  child.on("message", (message: { arrived?: string; at?: number }) => {
    if (message.arrived && message.at) arrived.set(message.arrived, message.at);
  });
  const url = `http://127.0.0.1:${port}/timed`;
  const { projectId } = await createWebhooks([url]);
  const worker = startWorker();
  await pause(3_000);

  const committed = new Map<string, number>();
  const direct: number[] = [];
  for (let index = 0; index < EVENTS; index += 1) {
    const tick = pause(1000 / PER_SECOND);
    const event = await transaction((tx) =>
      emit(tx, projectId, { type: "instance.started", data: { index }, source: "api" }),
    );
    committed.set(event.deliveries[0]?.id ?? "", now());
    if (index % 10 === 0) {
      const id = `direct-${index}`;
      const sentAt = now();
      await fetch(url, { method: "POST", body: "{}", headers: { "x-webhook-delivery": id } });
      await pause(5);
      direct.push((arrived.get(id) ?? Number.NaN) - sentAt);
    }
    await tick;
  }
  await pause(2_000);
  await stopWorker(worker);
  child.kill("SIGKILL");
  const latencies = [...committed].map(([id, at]) => (arrived.get(id) ?? Number.NaN) - at).toSorted((a, b) => a - b);
  direct.sort((a, b) => a - b);
  say(`${latencies.length} events`);
  return {
    events: latencies.length,
    missing: latencies.filter(Number.isNaN).length,
    p50_ms: percentile(latencies, 50),
    p99_ms: percentile(latencies, 99),
    direct_p50_ms: percentile(direct, 50),
    direct_p99_ms: percentile(direct, 99),
    ratio: percentile([percentile(latencies, 50) / percentile(direct, 50)], 0),
  };
}

/** Milliseconds since the epoch with a fraction; both processes read the same clock. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
