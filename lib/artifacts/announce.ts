import { type PublishedArtifact, presentArtifact } from "@/lib/artifacts/artifact";
import type { Tx } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";

/** Emits artifact.published: the artifact whole beside a short reference in `data`, by which webhooks can filter. */
export async function announceArtifact(tx: Tx, artifact: PublishedArtifact): Promise<void> {
  await emit(tx, artifact.projectId, {
    type: "artifact.published",
    data: {
      artifact_id: artifact.id,
      type: artifact.type,
      tags: artifact.tags,
      produced_by: artifact.producedBy,
      parent_id: artifact.parentId,
    },
    source: "platform",
    occurredAt: artifact.createdAt,
    correlationId: artifact.correlationId,
    artifact: {
      eventId: artifact.eventId,
      workflowId: artifact.workflowId,
      sequence: artifact.sequence,
      body: presentArtifact(artifact),
    },
  });
}
