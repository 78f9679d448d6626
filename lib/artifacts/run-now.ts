import type { PublishedArtifact } from "@/lib/artifacts/artifact";
import { runTask } from "@/lib/artifacts/run-task";
import { releaseTasks, type Task } from "@/lib/artifacts/tasks";
import { wakeArtifacts } from "@/lib/artifacts/wake";
import { ARTIFACT_LIMITS } from "@/lib/contracts/artifacts";
import { PROCESSOR_LIMITS } from "@/lib/contracts/processors";
import { db } from "@/lib/db/client";
import { publicOrigin } from "@/lib/env";
import { log } from "@/lib/log";
import { egressPolicy } from "@/lib/net/address";
import { createGuardedClient, type GuardedClient } from "@/lib/net/guarded-request";

/** Tasks of one request under way at once. */
const AT_ONCE = 8;

/** How much longer than it runs such a request holds its leases, in ms: then workers take over from one that died. */
const LEASE_MARGIN_MS = 5_000;

let client: GuardedClient | undefined;

/** Until when the tasks belong to a request that begins now. @param now the database's */
export function leaseOfRequest(now: Date): Date {
  return new Date(now.getTime() + ARTIFACT_LIMITS.syncMs + LEASE_MARGIN_MS);
}

/**
 * Carries out what a published artifact leads to, within the limits of time and number; what is left is given to the
 * workers. The tasks were stored as this request's own, so that no worker is in its way.
 * @returns what was made, in sequence
 */
export async function runNow(root: PublishedArtifact, leaseUntil: Date): Promise<PublishedArtifact[]> {
  client ??= createGuardedClient({ policy: egressPolicy(), selfOrigin: publicOrigin });
  const deadline = performance.now() + ARTIFACT_LIMITS.syncMs;
  const made: PublishedArtifact[] = [];
  const waiting = await tasksOf([root]);
  const running = new Set<Promise<void>>();
  const isOpen = () => performance.now() < deadline && made.length < ARTIFACT_LIMITS.syncArtifacts;
  const run = async (task: Task, guarded: GuardedClient) => {
    const deadlineMs = Math.min(PROCESSOR_LIMITS.callMs, deadline - performance.now());
    const children = await runTask(task, { client: guarded, deadlineMs, publishing: { leaseUntil } });
    made.push(...children);
    waiting.push(...(await tasksOf(children)));
  };
  while ((waiting.length > 0 || running.size > 0) && (isOpen() || running.size > 0)) {
    while (isOpen() && running.size < AT_ONCE) {
      const task = waiting.shift();
      if (!task) break;
      const work: Promise<void> = run(task, client)
        // Its lease runs out, and a worker takes it up.
        .catch((err: unknown) => log.warn({ err, artifact: task.artifact.id }, "a task of a processor failed"))
        .finally(() => running.delete(work));
      running.add(work);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  await releaseTasks(waiting);
  if (waiting.length > 0) wakeArtifacts();
  return made.sort((a, b) => a.sequence - b.sequence);
}

async function tasksOf(artifacts: readonly PublishedArtifact[]): Promise<Task[]> {
  if (artifacts.length === 0) return [];
  const rows = await db.artifactTask.findMany({
    where: { artifactId: { in: artifacts.map(({ id }) => id) }, status: "waiting", attempts: 1 },
    orderBy: [{ artifactId: "asc" }, { processor: "asc" }],
  });
  return rows.flatMap(({ artifactId, processor, attempts }) => {
    const artifact = artifacts.find(({ id }) => id === artifactId);
    return artifact ? [{ artifact, processor, attempt: attempts }] : [];
  });
}
