import type { Artifact } from "@/lib/contracts/artifacts";
import { jsonObject } from "@/lib/contracts/common";
import type { Artifact as ArtifactRow } from "@/lib/generated/prisma/client";

/** An artifact that was just published, as the components get it. */
export type PublishedArtifact = {
  id: string;
  projectId: string;
  workflowId: string;
  correlationId: string;
  sequence: number;
  /** The id of the event that tells of it. */
  eventId: string;
  parentId: string | null;
  /** Steps from the artifact that was published from outside. */
  depth: number;
  type: string;
  payload: Record<string, unknown>;
  tags: readonly string[];
  producedBy: string;
  createdBy: string;
  createdAt: Date;
};

/** What a processor makes of an artifact. */
export type Produced = { type: string; payload: Record<string, unknown>; tags: string[] };

/** The artifact as it is sent: in events, to processors, and in answers. */
export function presentArtifact(artifact: PublishedArtifact): Artifact {
  return {
    id: artifact.id,
    type: artifact.type,
    payload: jsonObject.parse(artifact.payload),
    tags: [...artifact.tags],
    produced_by: artifact.producedBy,
    correlation_id: artifact.correlationId,
    sequence: artifact.sequence,
    parent_id: artifact.parentId,
    event_id: artifact.eventId,
    created_at: artifact.createdAt.toISOString(),
  };
}

export function presentRow(row: ArtifactRow, correlationId: string): Artifact {
  return {
    id: row.id,
    type: row.type,
    payload: jsonObject.parse(row.payload),
    tags: row.tags,
    produced_by: row.producedBy,
    correlation_id: correlationId,
    sequence: row.sequence,
    parent_id: row.parentId,
    event_id: row.eventId ?? "",
    created_at: row.createdAt.toISOString(),
  };
}
