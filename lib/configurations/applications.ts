import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { limitReached, lockProject, requireCursor, withFreeName } from "@/lib/configurations/guards";
import {
  type Application,
  CONFIG_LIMITS,
  type createApplicationBody,
  type updateApplicationBody,
} from "@/lib/contracts/configurations";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Application as ApplicationRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

type Page<T> = { data: T[]; next_cursor: string | null };

const withCount = { _count: { select: { configs: { where: { archivedAt: null } } } } } as const;

/** Oldest first. @throws AppError "invalid_cursor" */
export async function listApplications(
  actor: Actor,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Application>> {
  authorise(actor, "configs:read");
  requireCursor("application", cursor);
  const rows = await db.application.findMany({
    where: { projectId: actor.projectId, ...(cursor === undefined ? {} : { id: { gt: cursor } }) },
    include: withCount,
    orderBy: { id: "asc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return { data: page.map(toApplication), next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** @throws AppError "validation_failed" for a name that is taken, "conflict" at the limit */
export async function createApplication(
  actor: Actor,
  { name, description }: z.output<typeof createApplicationBody>,
): Promise<Application> {
  authorise(actor, "configs:write");
  const row = await withFreeName("an application", name, () =>
    transaction(async (tx) => {
      await lockProject(tx, actor.projectId);
      return insertApplication(tx, actor, { name, description });
    }),
  );
  return toApplication({ ...row, _count: { configs: 0 } });
}

/** Needs the project's lock. @throws AppError "conflict" at the limit */
export async function insertApplication(
  tx: Tx,
  { projectId, subject }: Actor,
  { name, description = "" }: { name: string; description?: string },
): Promise<ApplicationRow> {
  if ((await tx.application.count({ where: { projectId } })) >= CONFIG_LIMITS.applications) {
    throw limitReached("applications", CONFIG_LIMITS.applications, "delete one first");
  }
  return tx.application.create({
    data: { id: newId("application"), projectId, name, description, createdBy: subject.id },
  });
}

/** @throws AppError "not_found"; "validation_failed" for a name that is taken */
export async function updateApplication(
  actor: Actor,
  applicationId: string,
  { name, description }: z.output<typeof updateApplicationBody>,
): Promise<Application> {
  authorise(actor, "configs:write");
  const where = { id: applicationId, projectId: actor.projectId };
  const data = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
  await withFreeName("an application", name ?? "", () => db.application.updateMany({ where, data }));
  const row = await db.application.findFirst({ where, include: withCount });
  if (!row) throw notFound("application");
  return toApplication(row);
}

/** @throws AppError "not_found"; "conflict" while it has configurations */
export async function deleteApplication(actor: Actor, applicationId: string): Promise<void> {
  authorise(actor, "configs:write");
  const { projectId } = actor;
  await transaction(async (tx) => {
    // A configuration that is being made in it waits, and then finds it gone.
    await tx.$queryRaw`SELECT id FROM application WHERE id = ${applicationId} AND project_id = ${projectId} FOR UPDATE`;
    const row = await tx.application.findFirst({
      where: { id: applicationId, projectId },
      include: { _count: { select: { configs: true } } },
    });
    if (!row) throw notFound("application");
    if (row._count.configs > 0) {
      throw new AppError(
        "conflict",
        `"${row.name}" has ${row._count.configs} configurations, archived ones counted. Move them to another application first.`,
      );
    }
    await tx.application.delete({ where: { id: applicationId } });
  });
}

function toApplication(row: ApplicationRow & { _count: { configs: number } }): Application {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    configurations: row._count.configs,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
