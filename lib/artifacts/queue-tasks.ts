import type { PublishedArtifact } from "@/lib/artifacts/artifact";
import { builtInProcessors } from "@/lib/artifacts/built-in/registry";
import type { PublishOptions } from "@/lib/artifacts/components";
import { wantsType } from "@/lib/artifacts/policy";
import { wakeArtifacts } from "@/lib/artifacts/wake";
import { ARTIFACT_LIMITS } from "@/lib/contracts/artifacts";
import { afterCommit, type Tx } from "@/lib/db/transaction";

/**
 * Asks the processors that want the type: the built-in ones and the project's own. A loop of processors ends at the
 * depth and at the number of artifacts that a workflow may have.
 */
export async function queueTasks(tx: Tx, artifact: PublishedArtifact, { leaseUntil }: PublishOptions): Promise<void> {
  const processors = await processorsOf(tx, artifact);
  if (processors.length === 0 || artifact.depth >= ARTIFACT_LIMITS.depth) return;
  if ((await tx.artifact.count({ where: { workflowId: artifact.workflowId } })) >= ARTIFACT_LIMITS.perWorkflow) return;
  await tx.artifactTask.createMany({
    data: processors.map((processor) => ({
      artifactId: artifact.id,
      projectId: artifact.projectId,
      processor,
      // Whoever holds the lease has begun the first attempt.
      attempts: leaseUntil === null ? 0 : 1,
      leaseUntil,
      dueAt: artifact.createdAt,
    })),
  });
  if (leaseUntil === null) afterCommit(tx, wakeArtifacts);
}

async function processorsOf(tx: Tx, { projectId, type }: PublishedArtifact): Promise<string[]> {
  const own = await tx.processor.findMany({
    where: { projectId, enabled: true },
    select: { id: true, artifactTypes: true },
    orderBy: { id: "asc" },
  });
  return [
    ...builtInProcessors()
      .filter((processor) => wantsType(processor.types, type))
      .map(({ name }) => name),
    ...own.filter(({ artifactTypes }) => wantsType(artifactTypes, type)).map(({ id }) => id),
  ];
}
