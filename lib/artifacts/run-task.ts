import { z } from "zod";
import type { Produced, PublishedArtifact } from "@/lib/artifacts/artifact";
import { builtInProcessors } from "@/lib/artifacts/built-in/registry";
import { callProcessor, ProcessorFailed, problemsOf } from "@/lib/artifacts/call-processor";
import type { PublishOptions } from "@/lib/artifacts/components";
import { completeTask, failTask, type Task } from "@/lib/artifacts/tasks";
import { PROCESSOR_LIMITS } from "@/lib/contracts/processors";
import { db } from "@/lib/db/client";
import type { GuardedClient } from "@/lib/net/guarded-request";
import { inWorkflow } from "@/lib/workflows/context";

export type RunOptions = {
  client: GuardedClient;
  /** For a call, in ms. */
  deadlineMs?: number;
  signal?: AbortSignal;
  publishing?: PublishOptions;
};

/** What fails the same way every time. */
class Hopeless extends Error {}

/**
 * Carries a task out and records what came of it.
 * @returns the artifacts that it led to; none when it failed or belongs to somebody else by now
 * @throws what is wrong with the database: the lease then runs out and the task is taken up again
 */
export async function runTask(
  task: Task,
  { client, deadlineMs = PROCESSOR_LIMITS.callMs, signal, publishing = { leaseUntil: null } }: RunOptions,
): Promise<PublishedArtifact[]> {
  const { projectId, correlationId, workflowId } = task.artifact;
  return inWorkflow({ projectId, correlationId, workflowId }, async () => {
    let made: { produced: Produced[]; producedBy: string };
    try {
      made = await process(task, { client, deadlineMs, signal });
    } catch (error) {
      if (!(error instanceof ProcessorFailed || error instanceof Hopeless)) throw error;
      await failTask(task, error.message, error instanceof Hopeless);
      return [];
    }
    return (await completeTask(task, made, publishing)) ?? [];
  });
}

async function process(
  task: Task,
  call: { client: GuardedClient; deadlineMs: number; signal: AbortSignal | undefined },
): Promise<{ produced: Produced[]; producedBy: string }> {
  const builtIn = builtInProcessors().find(({ name }) => name === task.processor);
  if (builtIn) {
    try {
      return { produced: builtIn.process(task.artifact), producedBy: builtIn.name };
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      throw new Hopeless(`It cannot read the payload: ${problemsOf(error)}`);
    }
  }
  const own = await db.processor.findFirst({ where: { id: task.processor, projectId: task.artifact.projectId } });
  if (!own) throw new Hopeless("The processor was deleted.");
  if (!own.enabled) throw new Hopeless("The processor was disabled.");
  return { produced: await callProcessor(own, task, call), producedBy: own.name };
}
