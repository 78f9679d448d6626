import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { limitReached, lockProject, requireCursor, requireMayDeploy, withFreeName } from "@/lib/configurations/guards";
import { toEnvironment } from "@/lib/configurations/view";
import { CONFIG_LIMITS } from "@/lib/contracts/configurations";
import type { createEnvironmentBody, Environment, updateEnvironmentBody } from "@/lib/contracts/deployments";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import { newId } from "@/lib/ids";

type Page<T> = { data: T[]; next_cursor: string | null };

/** Oldest first. @throws AppError "invalid_cursor" */
export async function listEnvironments(
  actor: Actor,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Environment>> {
  authorise(actor, "configs:read");
  requireCursor("environment", cursor);
  const rows = await db.environment.findMany({
    where: { projectId: actor.projectId, ...(cursor === undefined ? {} : { id: { gt: cursor } }) },
    orderBy: { id: "asc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return { data: page.map(toEnvironment), next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** @throws AppError "validation_failed" for a name that is taken; "conflict" at the limit; "forbidden" for a protected one */
export async function createEnvironment(
  actor: Actor,
  body: z.output<typeof createEnvironmentBody>,
): Promise<Environment> {
  authorise(actor, "configs:write");
  requireMayDeploy(actor, body);
  const { projectId, subject } = actor;
  const row = await withFreeName("an environment", body.name, () =>
    transaction(async (tx) => {
      await lockProject(tx, projectId);
      if ((await tx.environment.count({ where: { projectId } })) >= CONFIG_LIMITS.environments) {
        throw limitReached("environments", CONFIG_LIMITS.environments, "delete one first");
      }
      return tx.environment.create({ data: { ...body, id: newId("environment"), projectId, createdBy: subject.id } });
    }),
  );
  return toEnvironment(row);
}

/** @throws AppError "not_found"; "forbidden" without the permission `project:manage` */
export async function updateEnvironment(
  actor: Actor,
  environmentId: string,
  data: z.output<typeof updateEnvironmentBody>,
): Promise<Environment> {
  authorise(actor, "configs:write");
  authorise(actor, "project:manage");
  const where = { id: environmentId, projectId: actor.projectId };
  const [row] = await db.environment.updateManyAndReturn({ where, data });
  if (!row) throw notFound("environment");
  return toEnvironment(row);
}

/** @throws AppError "not_found"; "conflict" once something was deployed to it; "forbidden" for a protected one */
export async function deleteEnvironment(actor: Actor, environmentId: string): Promise<void> {
  authorise(actor, "configs:write");
  const { projectId } = actor;
  await transaction(async (tx) => {
    // A deployment under way holds the row: it is waited for and then counts.
    await tx.$queryRaw`SELECT id FROM environment WHERE id = ${environmentId} AND project_id = ${projectId} FOR UPDATE`;
    const row = await tx.environment.findFirst({
      where: { id: environmentId, projectId },
      include: { _count: { select: { deployments: true } } },
    });
    if (!row) throw notFound("environment");
    requireMayDeploy(actor, row);
    if (row._count.deployments > 0) {
      throw new AppError(
        "conflict",
        `"${row.name}" has ${row._count.deployments} deployments in its history. Only an environment that nothing was ever deployed to can be deleted.`,
      );
    }
    await tx.environment.delete({ where: { id: environmentId } });
  });
}
