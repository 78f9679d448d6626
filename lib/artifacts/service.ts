import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { type PublishedArtifact, presentArtifact } from "@/lib/artifacts/artifact";
import { publish } from "@/lib/artifacts/publish";
import { leaseOfRequest, runNow } from "@/lib/artifacts/run-now";
import type { Artifact, publishArtifactBody, SyncArtifact } from "@/lib/contracts/artifacts";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { type Tx, transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { openWorkflow, type WorkflowKind } from "@/lib/workflows/service";

type Body = z.output<typeof publishArtifactBody>;

/**
 * Publishes an artifact of the platform itself, in the transaction of what it is about; other domains call this.
 * @param kind of the workflow, where it is not there yet
 * @param by a user's or an API key's id, or "system"
 */
export async function publishArtifact(
  tx: Tx,
  {
    projectId,
    by,
    correlationId,
    kind = "artifact",
    producedBy,
    ...artifact
  }: {
    projectId: string;
    by: string;
    correlationId: string;
    kind?: WorkflowKind;
    type: string;
    payload: Record<string, unknown>;
    tags?: string[];
    producedBy: string;
  },
): Promise<PublishedArtifact> {
  const { type, payload, tags = [] } = artifact;
  const workflow = await openWorkflow(tx, { projectId, by, kind, title: type, correlationId });
  return publish(tx, { type, payload, tags }, { workflow, producedBy, createdBy: by, parent: null });
}

/**
 * Publishes an artifact on a caller's behalf; workers ask the processors.
 * @throws AppError "payload_too_large", and those of openWorkflow
 */
export async function publishFor(actor: Actor, body: Body): Promise<{ artifact: Artifact; tasks: number }> {
  authorise(actor, "artifacts:write");
  const { artifact, tasks } = await publishBody(actor, body, null);
  return { artifact: presentArtifact(artifact), tasks };
}

/**
 * The same, and carries out what it leads to before it answers, within ARTIFACT_LIMITS.syncMs and syncArtifacts. Once it
 * is published it is never answered as failed: what could not be carried out now is the workers', and the answer says so.
 */
export async function publishAndRun(actor: Actor, body: Body): Promise<SyncArtifact> {
  authorise(actor, "artifacts:write");
  const leaseUntil = leaseOfRequest(await databaseNow(db));
  const { artifact, tasks } = await publishBody(actor, body, leaseUntil);
  const { produced, waiting } = await carryOut(artifact, leaseUntil).catch((err: unknown) => {
    log.warn({ err, artifact: artifact.id }, "what an artifact leads to could not be carried out at once");
    return { produced: [], waiting: tasks };
  });
  return {
    artifact: presentArtifact(artifact),
    produced: produced.map(presentArtifact),
    complete: waiting === 0,
    waiting,
  };
}

async function carryOut(artifact: PublishedArtifact, leaseUntil: Date) {
  const produced = await runNow(artifact, leaseUntil);
  const waiting = await db.artifactTask.count({
    where: { artifactId: { in: [artifact.id, ...produced.map(({ id }) => id)] }, status: "waiting" },
  });
  return { produced, waiting };
}

function publishBody(
  actor: Actor,
  body: Body,
  leaseUntil: Date | null,
): Promise<{ artifact: PublishedArtifact; tasks: number }> {
  return transaction(async (tx) => {
    const workflow = await openWorkflow(tx, {
      projectId: actor.projectId,
      by: actor.subject.id,
      kind: "artifact",
      title: body.type,
      correlationId: body.correlation_id,
      webhook: body.webhook,
      mayJoinOthers: actor.permissions.has("webhooks:write"),
    });
    const origin = { workflow, producedBy: body.produced_by, createdBy: actor.subject.id, parent: null };
    const artifact = await publish(tx, body, origin, { leaseUntil });
    return { artifact, tasks: await tx.artifactTask.count({ where: { artifactId: artifact.id } }) };
  });
}
