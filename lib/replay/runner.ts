import { setTimeout as sleep } from "node:timers/promises";
import { untilDue } from "@/lib/db/until-due";
import { announceReplays } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { type Lease, REPLAY_DUE, releaseLease, takeLease } from "@/lib/replay/lease";
import { runStep } from "@/lib/replay/step";

/** Replays that one worker carries on at once. */
const MOST_AT_ONCE = 8;

/** Milliseconds after which a worker that carries on as many as it may sees whether it still does. */
const FULL_MS = 500;

/** Milliseconds before a step that the database refused is tried again. */
const FAILED_STEP_MS = 1_000;

/** Consoles hear of progress this often, in ms, and of the end at once. */
const ANNOUNCE_MS = 1_000;

/** Carries replays on until the signal. Any number of workers may do so: each replay belongs to one of them at a time. */
export async function runReplays(signal: AbortSignal): Promise<void> {
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    if (running.size >= MOST_AT_ONCE) {
      await pause(FULL_MS, signal);
      continue;
    }
    const lease = await look();
    if (!lease) {
      await untilDue(REPLAY_DUE, signal);
      continue;
    }
    const replay = carryOn(lease, signal).finally(() => running.delete(replay));
    running.add(replay);
  }
  await Promise.all(running);
}

async function look(): Promise<Lease | undefined> {
  try {
    return await takeLease();
  } catch (err) {
    log.warn({ err }, "replays could not be looked for");
    return undefined;
  }
}

/** Step after step until the replay ends, is stopped, or goes to another worker. Never rejects. */
async function carryOn(lease: Lease, signal: AbortSignal): Promise<void> {
  let announcedAt = 0;
  while (!signal.aborted) {
    try {
      const { over, changed, waitMs } = await runStep(lease);
      if (changed && (over || performance.now() - announcedAt >= ANNOUNCE_MS)) {
        announceReplays(lease.projectId, [lease.replayId]);
        announcedAt = performance.now();
      }
      if (over) return;
      await pause(waitMs, signal);
    } catch (err) {
      // Nothing of the step was stored. Should another worker have taken over meanwhile, the next one says so.
      log.warn({ err, replay: lease.replayId }, "a step of a replay failed");
      await pause(FAILED_STEP_MS, signal);
    }
  }
  await releaseLease(lease).catch((err: unknown) => log.warn({ err }, "a replay's lease could not be given back"));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
