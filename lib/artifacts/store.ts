import type { PublishedArtifact } from "@/lib/artifacts/artifact";
import type { Tx } from "@/lib/db/transaction";

/** Keeps the artifact; it never changes. */
export async function storeArtifact(tx: Tx, artifact: PublishedArtifact): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO artifact (id, project_id, workflow_id, parent_id, type, payload, tags, produced_by, sequence, event_id, created_by, created_at)
    VALUES (${artifact.id}, ${artifact.projectId}, ${artifact.workflowId}, ${artifact.parentId}, ${artifact.type},
            ${JSON.stringify(artifact.payload)}::jsonb, ${[...artifact.tags]}, ${artifact.producedBy}, ${artifact.sequence},
            ${artifact.eventId}, ${artifact.createdBy}, ${artifact.createdAt})`;
}
