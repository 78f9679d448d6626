import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { emit } from "@/lib/webhooks/emit";
import { openBullStack } from "./bullmq";
import { BODY, createWebhooks, pause, percentile, startWorker, stopWorker } from "./support";
import { startTimedReceiver } from "./timed-receiver";

const EVENTS = 1_000;
const PER_SECOND = 50;
/**
 * Sent before and not counted, of each kind alike. The first meet code that was never run, and V8 goes on compiling what
 * has become hot for some hundreds more, on the same cores as everything else.
 */
const WARM_UP = 500;

/**
 * Emit committed → request at the receiver, at 50 events a second; at the same rate and by themselves direct POSTs, and jobs
 * added to BullMQ when a Redis is reachable.
 */
export async function run(say: (line: string) => void) {
  const receiver = await startTimedReceiver();
  const { projectId } = await createWebhooks([receiver.url]);
  const worker = startWorker();
  await pause(3_000);
  const ours = await paced(async (index) => {
    const event = await transaction((tx) =>
      emit(tx, projectId, { type: "instance.started", data: { index }, source: "api" }),
    );
    return { id: event.deliveries[0]?.id ?? "", at: receiver.now() };
  });
  await pause(2_000);
  await stopWorker(worker);
  const direct = await paced(async (index) => {
    const sent = { id: `direct-${index}`, at: receiver.now() };
    const headers = { "x-webhook-delivery": sent.id, "content-type": "application/json" };
    await fetch(receiver.url, { method: "POST", body: BODY, headers });
    return sent;
  });
  say(`${ours.length} events`);

  const bull = await openBullStack();
  const bullWorker = await bull?.startWorker();
  const jobs = bull
    ? await paced(async () => {
        const id = newId("delivery");
        await bull.queue.add("deliver", { deliveryId: id, url: receiver.url, body: BODY }, { removeOnComplete: true });
        return { id, at: receiver.now() };
      })
    : [];
  await pause(2_000);
  bullWorker?.kill("SIGKILL");
  await bull?.close();
  const latencies = receiver.latencies(ours);
  const bullLatencies = receiver.latencies(jobs);
  const directLatencies = receiver.latencies(direct);
  receiver.stop();
  return {
    events: ours.length,
    missing: ours.length - latencies.length,
    p50_ms: percentile(latencies, 50),
    p99_ms: percentile(latencies, 99),
    direct_p50_ms: percentile(directLatencies, 50),
    direct_p99_ms: percentile(directLatencies, 99),
    ratio: percentile([percentile(latencies, 50) / percentile(directLatencies, 50)], 0),
    bullmq_p50_ms: bull && percentile(bullLatencies, 50),
    bullmq_p99_ms: bull && percentile(bullLatencies, 99),
  };
}

type Sent = { id: string; at: number };

async function paced(send: (index: number) => Promise<Sent>): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let index = 0; index < WARM_UP + EVENTS; index += 1) {
    const tick = pause(1000 / PER_SECOND);
    sent.push(await send(index));
    await tick;
  }
  return sent.slice(WARM_UP);
}
