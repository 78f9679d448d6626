import { type RunOptions, runTask } from "@/lib/artifacts/run-task";
import { claimTasks, TASK_DUE, type Task } from "@/lib/artifacts/tasks";
import { untilWoken } from "@/lib/artifacts/wake";
import { untilDue } from "@/lib/db/until-due";
import { publicOrigin } from "@/lib/env";
import { log } from "@/lib/log";
import { egressPolicy } from "@/lib/net/address";
import { createGuardedClient } from "@/lib/net/guarded-request";

/** Tasks under way at once in one worker, and of these for one processor. */
const MOST_AT_ONCE = 16;
const PER_PROCESSOR = 4;

/**
 * Carries out the tasks of processors until the signal, then lets those under way finish. Any number of workers may do
 * so: a task belongs to one of them at a time.
 */
export async function runArtifacts(signal: AbortSignal): Promise<void> {
  const client = createGuardedClient({ policy: egressPolicy(), selfOrigin: publicOrigin });
  const running = new Map<Promise<void>, string>();
  while (!signal.aborted) {
    const claimed = await look(running);
    for (const task of claimed) {
      const work: Promise<void> = carryOut(task, { client, signal }).finally(() => running.delete(work));
      running.set(work, task.processor);
    }
    if (claimed.length === 0) await untilWanted(running, signal);
  }
  await Promise.all(running.keys());
  await client.close();
}

/** Until something is due, in this process at once, or the signal. */
async function untilWanted(running: ReadonlyMap<Promise<void>, string>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  await Promise.race([untilWoken(until), untilDue(TASK_DUE, until), ...idleOr(running)]);
  over.abort();
}

/** A full worker looks again as soon as one of its tasks is through. */
function idleOr(running: ReadonlyMap<Promise<void>, string>): Promise<void>[] {
  return running.size >= MOST_AT_ONCE ? [...running.keys()] : [];
}

async function look(running: ReadonlyMap<Promise<void>, string>): Promise<Task[]> {
  const counts = new Map<string, number>();
  for (const processor of running.values()) counts.set(processor, (counts.get(processor) ?? 0) + 1);
  const limit = MOST_AT_ONCE - running.size;
  if (limit <= 0) return [];
  const busiest = Math.max(0, ...[...counts.values()].filter((count) => count < PER_PROCESSOR));
  const full = [...counts].filter(([, count]) => count >= PER_PROCESSOR).map(([processor]) => processor);
  try {
    return await claimTasks({ limit, perProcessor: PER_PROCESSOR - busiest, full });
  } catch (err) {
    log.warn({ err }, "tasks of processors could not be looked for");
    return [];
  }
}

/** Never rejects: what could not be recorded is taken up again when its lease has run out. */
async function carryOut(task: Task, options: RunOptions): Promise<void> {
  try {
    await runTask(task, options);
  } catch (err) {
    log.warn({ err, artifact: task.artifact.id, processor: task.processor }, "a task of a processor failed");
  }
}
