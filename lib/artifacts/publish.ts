import type { Produced, PublishedArtifact } from "@/lib/artifacts/artifact";
import { type PublishOptions, runComponents } from "@/lib/artifacts/components";
import { ARTIFACT_LIMITS } from "@/lib/contracts/artifacts";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { inWorkflow, type WorkflowContext } from "@/lib/workflows/context";

export type Origin = {
  workflow: WorkflowContext;
  producedBy: string;
  createdBy: string;
  parent: Pick<PublishedArtifact, "id" | "depth"> | null;
};

/**
 * Publishes an artifact in the caller's transaction: gives it the next number of its workflow, whose row stays locked
 * until the commit, and runs the components. What they emit belongs to the workflow.
 * @throws AppError "payload_too_large"
 */
export async function publish(
  tx: Tx,
  { type, payload, tags }: Produced,
  { workflow, producedBy, createdBy, parent }: Origin,
  options: PublishOptions = { leaseUntil: null },
): Promise<PublishedArtifact> {
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  if (bytes > ARTIFACT_LIMITS.payloadBytes) {
    throw new AppError(
      "payload_too_large",
      `\`payload\` has ${bytes} bytes; at most ${ARTIFACT_LIMITS.payloadBytes} are allowed.`,
      { errors: [{ field: "payload", message: "Publish less, or a link to it." }] },
    );
  }
  const { projectId, workflowId, correlationId } = workflow;
  const [numbered] = await tx.$queryRaw<{ last_seq: number; now: Date }[]>`
    UPDATE workflow SET last_seq = last_seq + 1 WHERE id = ${workflowId} RETURNING last_seq, clock_timestamp() AS now`;
  if (!numbered) throw new AppError("not_found", "There is no such workflow in this project.");
  const artifact: PublishedArtifact = {
    id: newId("artifact"),
    projectId,
    workflowId,
    correlationId,
    sequence: numbered.last_seq,
    eventId: newId("event"),
    parentId: parent?.id ?? null,
    depth: parent === null ? 0 : parent.depth + 1,
    type,
    payload,
    tags,
    producedBy,
    createdBy,
    createdAt: numbered.now,
  };
  await inWorkflow(workflow, () => runComponents(tx, artifact, options));
  return artifact;
}
