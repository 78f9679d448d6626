import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { builtInProcessors } from "@/lib/artifacts/built-in/registry";
import { sealProcessorSecret } from "@/lib/artifacts/secrets";
import {
  type createProcessorBody,
  PROCESSOR_LIMITS,
  type Processor,
  type ProcessorWithSecret,
  type updateProcessorBody,
} from "@/lib/contracts/processors";
import { db } from "@/lib/db/client";
import { isUniqueViolation } from "@/lib/db/errors";
import { transaction } from "@/lib/db/transaction";
import { httpRule, publicOrigin } from "@/lib/env";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { Processor as ProcessorRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { egressPolicy } from "@/lib/net/address";
import { checkDestination } from "@/lib/net/destination";
import { generateSecret } from "@/lib/webhooks/signing-key";

/** The built-in ones, then the project's own by name. */
export async function listProcessors(actor: Actor): Promise<Processor[]> {
  authorise(actor, "artifacts:read");
  const rows = await db.processor.findMany({ where: { projectId: actor.projectId }, orderBy: { name: "asc" } });
  const builtIn = builtInProcessors().map(({ name, description, types }) => ({
    id: name,
    name,
    artifact_types: [...types],
    url: null,
    has_secret: false,
    enabled: true,
    built_in: true,
    description,
    created_at: null,
    updated_at: null,
  }));
  return [...builtIn, ...rows.map(present)];
}

/**
 * @returns the processor with its secret, which is not shown again
 * @throws AppError "validation_failed" for a URL that is not allowed or a name that is taken, "conflict" at the limit
 */
export async function createProcessor(
  actor: Actor,
  body: z.output<typeof createProcessorBody>,
): Promise<ProcessorWithSecret> {
  authorise(actor, "artifacts:write");
  checkUrl(body.url);
  const id = newId("processor");
  const secret = body.secret === undefined ? generateSecret() : body.secret;
  const row = await withFreeName(body.name, () =>
    transaction(async (tx) => {
      // Those who register at the same time wait for each other, or the limit would be passed.
      await tx.$queryRaw`SELECT id FROM project WHERE id = ${actor.projectId} FOR NO KEY UPDATE`;
      if ((await tx.processor.count({ where: { projectId: actor.projectId } })) >= PROCESSOR_LIMITS.perProject) {
        throw new AppError(
          "conflict",
          `A project has at most ${PROCESSOR_LIMITS.perProject} processors; delete one first.`,
        );
      }
      return tx.processor.create({
        data: {
          id,
          projectId: actor.projectId,
          name: body.name,
          artifactTypes: body.artifact_types,
          url: body.url,
          secret: secret === null ? null : sealProcessorSecret(id, secret),
          enabled: body.enabled,
          createdBy: actor.subject.id,
        },
      });
    }),
  );
  return { ...present(row), secret };
}

/** @throws AppError "not_found", "validation_failed" */
export async function updateProcessor(
  actor: Actor,
  processorId: string,
  body: z.output<typeof updateProcessorBody>,
): Promise<Processor> {
  authorise(actor, "artifacts:write");
  if (body.url !== undefined) checkUrl(body.url);
  const { name, url, enabled, artifact_types, secret } = body;
  return withFreeName(name ?? "", async () => {
    const [row] = await db.processor.updateManyAndReturn({
      where: { id: processorId, projectId: actor.projectId },
      data: {
        ...(name !== undefined && { name }),
        ...(url !== undefined && { url }),
        ...(enabled !== undefined && { enabled }),
        ...(artifact_types !== undefined && { artifactTypes: artifact_types }),
        ...(secret !== undefined && { secret: secret === null ? null : sealProcessorSecret(processorId, secret) }),
      },
    });
    if (!row) throw notFound("processor");
    return present(row);
  });
}

/** What waits for it fails when its turn comes; what it produced stays. @throws AppError "not_found" */
export async function deleteProcessor(actor: Actor, processorId: string): Promise<void> {
  authorise(actor, "artifacts:write");
  const { count } = await db.processor.deleteMany({ where: { id: processorId, projectId: actor.projectId } });
  if (count === 0) throw notFound("processor");
}

function checkUrl(url: string): void {
  const problem = checkDestination(url, { policy: egressPolicy(), http: httpRule, selfOrigin: publicOrigin });
  if (problem !== null) throw invalidField("url", problem);
}

async function withFreeName<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField("name", `There is a processor "${name}" already.`);
    throw error;
  }
}

function present(row: ProcessorRow): Processor {
  return {
    id: row.id,
    name: row.name,
    artifact_types: row.artifactTypes,
    url: row.url,
    has_secret: row.secret !== null,
    enabled: row.enabled,
    built_in: false,
    description: "",
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
