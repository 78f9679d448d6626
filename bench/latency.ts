import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { emit } from "@/lib/webhooks/emit";
import { type BullStack, openBullStack } from "./bullmq";
import { BODY, createWebhooks, pause, percentile, startWorker, stopWorker } from "./support";
import { startTimedReceiver } from "./timed-receiver";

const PER_SECOND = 50;
/** Of each kind; in turn, so that whatever else the machine does meets all three alike. */
const ROUNDS = 2;
const EVENTS_PER_ROUND = 1_000;
/**
 * Sent before in each round and not counted, of each kind alike: for half a minute V8 compiles what has become hot, on the
 * same cores as everything else, and two thirds of what was slow in the first minute was slow then.
 */
const WARM_UP = 1_500;

type Sent = { id: string; at: number };

type Receiver = Awaited<ReturnType<typeof startTimedReceiver>>;

/**
 * Emit committed → request at the receiver, at 50 events a second; at the same rate and by themselves direct POSTs, and jobs
 * added to BullMQ when a Redis is reachable. A worker runs only while its own are measured.
 */
export async function run(say: (line: string) => void) {
  const receiver = await startTimedReceiver();
  const { projectId } = await createWebhooks([receiver.url]);
  const bull = await openBullStack();
  const sent = { ours: [] as Sent[], direct: [] as Sent[], jobs: [] as Sent[] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    sent.ours.push(...(await emitted(receiver, projectId)));
    sent.direct.push(...(await posted(receiver)));
    if (bull) sent.jobs.push(...(await queued(receiver, bull)));
    say(`round ${round} of ${ROUNDS}`);
  }
  await bull?.close();
  const latencies = receiver.latencies(sent.ours);
  const directLatencies = receiver.latencies(sent.direct);
  const bullLatencies = receiver.latencies(sent.jobs);
  receiver.stop();
  return {
    events: sent.ours.length,
    missing: sent.ours.length - latencies.length,
    p50_ms: percentile(latencies, 50),
    p99_ms: percentile(latencies, 99),
    direct_p50_ms: percentile(directLatencies, 50),
    direct_p99_ms: percentile(directLatencies, 99),
    ratio: percentile([percentile(latencies, 50) / percentile(directLatencies, 50)], 0),
    bullmq_p50_ms: bull && percentile(bullLatencies, 50),
    bullmq_p99_ms: bull && percentile(bullLatencies, 99),
  };
}

async function emitted(receiver: Receiver, projectId: string): Promise<Sent[]> {
  const worker = startWorker();
  await pause(3_000);
  const sent = await paced(async (index) => {
    const event = await transaction((tx) =>
      emit(tx, projectId, { type: "instance.started", data: { index }, source: "api" }),
    );
    return { id: event.deliveries[0]?.id ?? "", at: receiver.now() };
  });
  await pause(2_000);
  await stopWorker(worker);
  return sent;
}

function posted(receiver: Receiver): Promise<Sent[]> {
  return paced(async () => {
    const sent = { id: newId("delivery"), at: receiver.now() };
    const headers = { "x-webhook-delivery": sent.id, "content-type": "application/json" };
    await fetch(receiver.url, { method: "POST", body: BODY, headers });
    return sent;
  });
}

async function queued(receiver: Receiver, bull: BullStack): Promise<Sent[]> {
  const worker = await bull.startWorker();
  const sent = await paced(async () => {
    const id = newId("delivery");
    await bull.queue.add("deliver", { deliveryId: id, url: receiver.url, body: BODY }, { removeOnComplete: true });
    return { id, at: receiver.now() };
  });
  await pause(2_000);
  worker.kill("SIGKILL");
  return sent;
}

async function paced(send: (index: number) => Promise<Sent>): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let index = 0; index < WARM_UP + EVENTS_PER_ROUND; index += 1) {
    const tick = pause(1000 / PER_SECOND);
    sent.push(await send(index));
    await tick;
  }
  return sent.slice(WARM_UP);
}
