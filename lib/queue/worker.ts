import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { runArtifacts } from "@/lib/artifacts/runner";
import { runInstances } from "@/lib/compute/reconcile";
import { runCosts } from "@/lib/costs/watch";
import { listen } from "@/lib/db/listen";
import { ensureAttemptPartitions } from "@/lib/db/partitions";
import { createPool, pool } from "@/lib/db/pool";
import { env, publicOrigin } from "@/lib/env";
import { runFailovers } from "@/lib/failover/watch";
import { flushAnnouncements } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { egressPolicy } from "@/lib/net/address";
import { createGuardedClient } from "@/lib/net/guarded-request";
import { listeningLock, parseHandedOver } from "@/lib/queue/hand-over";
import { beat } from "@/lib/queue/heartbeat";
import { Pump } from "@/lib/queue/pump";
import { startSchedules } from "@/lib/queue/schedules";
import { OUTSIDE } from "@/lib/queue/share";
import { DUE_CHANNEL, parseDue } from "@/lib/queue/wake";
import { runReplays } from "@/lib/replay/runner";
import { runLifeCycle } from "@/lib/reservations/life-cycle";
import { runWaitlist } from "@/lib/reservations/waitlist-sweep";

/** One claims, one settles, one writes what was observed. */
const QUEUE_CONNECTIONS = 3;

/** A worker that ends still hears of what transactions hand over to it that saw it listen and have yet to commit. */
const LINGER_MS = 300;

/** More often than elsewhere: what is handed over to a worker that no longer hears waits for the end of its lease. */
const HEARTBEAT_MS = 5_000;

const SCHEDULES_RETRY_MS = 5_000;

/**
 * One worker: delivers webhooks and runs scheduled work until the signal, then drains. Any number of them may run
 * against one database.
 */
export async function runWorker({ signal }: { signal: AbortSignal }): Promise<void> {
  const client = createGuardedClient({
    policy: egressPolicy(),
    selfOrigin: publicOrigin,
    // A request that finds all connections to its origin busy would wait on its own deadline. Slow ones have room beside
    // the concurrency, see Throttle.
    connectionsPerOrigin: env.WORKER_CONCURRENCY * 5,
  });
  // Apart, so that nothing else of this process keeps a claim waiting or makes it be planned on one more connection.
  const queue = createPool("dumont-queue", { max: QUEUE_CONNECTIONS, plansFor: ["webhook", "event", "delivery"] });
  const pump = new Pump({
    pool: queue,
    client,
    concurrency: env.WORKER_CONCURRENCY,
    perWebhook: env.WORKER_WEBHOOK_CONCURRENCY,
    place: OUTSIDE,
    lingerMs: LINGER_MS,
  });
  const id = randomUUID();
  const hear = (_channel: string, payload: string) => {
    const handedOver = parseHandedOver(payload);
    if (handedOver === null) pump.hear(parseDue(payload));
    else if (handedOver.to === id) pump.take(handedOver);
  };
  // It listens and counts as alive until its last request is over, or the others would take its share of the limits too early.
  const drained = new AbortController();
  await ensureAttemptPartitions(new Date()).catch((err: unknown) => log.warn({ err }, "partitions could not be made"));
  log.info({ concurrency: env.WORKER_CONCURRENCY }, "worker started");
  await Promise.all([
    pump.run(signal).finally(() => drained.abort()),
    beat(pool(), drained.signal, {
      id,
      trouble: () => pump.trouble,
      onPlaces: (places) => {
        pump.places = places;
      },
    }),
    listen([DUE_CHANNEL], hear, {
      signal: drained.signal,
      onGap: () => pump.wake(),
      heartbeatMs: HEARTBEAT_MS,
      lock: { name: listeningLock(id), until: signal },
    }),
    runSchedules(signal),
    runReplays(signal),
    runArtifacts(signal),
    runLifeCycle(signal),
    runWaitlist(signal),
    runInstances(signal),
    runFailovers(signal),
    runCosts(signal),
  ]);
  await client.close();
  await queue.end();
  await flushAnnouncements();
  log.info("worker stopped");
}

/** Scheduled work must not keep deliveries from going out, so a failed start is tried again beside them. */
async function runSchedules(signal: AbortSignal): Promise<void> {
  let stop: (() => Promise<void>) | undefined;
  while (!signal.aborted && !stop) {
    try {
      stop = await startSchedules();
    } catch (err) {
      log.warn({ err }, "schedules could not be started; trying again");
      await sleep(SCHEDULES_RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  await stop?.();
}
