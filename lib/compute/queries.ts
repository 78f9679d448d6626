import { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Administrator } from "@/lib/accounts/admin";
import { readNames } from "@/lib/accounts/names";
import {
  presentDetail,
  presentInstance,
  presentLog,
  presentSnapshot,
  type ShownInstance,
  shownWith,
} from "@/lib/compute/view";
import {
  type AdminInstance,
  INSTANCE_LIMITS,
  type Instance,
  type InstanceDetail,
  type InstanceLogLine,
  instanceStatusSchema,
} from "@/lib/contracts/instances";
import { SNAPSHOT_STATUSES, type Snapshot } from "@/lib/contracts/snapshots";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import type { Tx } from "@/lib/db/transaction";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { Prisma } from "@/lib/generated/prisma/client";
import { type IdKind, isId } from "@/lib/ids";

type Client = Tx | typeof db;
type Page<T> = { data: T[]; next_cursor: string | null };
type PageQuery = { cursor?: string | undefined; limit: number };
type InstanceQuery = PageQuery & { status?: string | undefined; reservation_id?: string | undefined };

/** Newest first; the cursor is the last id of the page before. @throws AppError "invalid_cursor", "validation_failed" */
export async function listInstances(actor: Actor, query: InstanceQuery, now?: Date): Promise<Page<Instance>> {
  authorise(actor, "instances:read");
  const where = { projectId: actor.projectId, ...(query.reservation_id && { reservationId: query.reservation_id }) };
  const { rows, next_cursor } = await pageOfInstances(where, query);
  const at = now ?? (await databaseNow(db));
  return { data: rows.map((row) => presentInstance(row, at)), next_cursor };
}

/** The same of all projects, with their names. */
export async function listAllInstances(
  _admin: Administrator,
  query: PageQuery & { status?: string | undefined; pool_id?: string | undefined; project_id?: string | undefined },
): Promise<Page<AdminInstance>> {
  const where = {
    ...(query.project_id && { projectId: query.project_id }),
    ...(query.pool_id && { poolId: query.pool_id }),
  };
  const { rows, next_cursor } = await pageOfInstances(where, query);
  const projects = await db.project.findMany({
    where: { id: { in: rows.map(({ projectId }) => projectId) } },
    select: { id: true, name: true },
  });
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  const at = await databaseNow(db);
  const data = rows.map((row) => ({
    ...presentInstance(row, at),
    project: { id: row.projectId, name: names.get(row.projectId) ?? "" },
  }));
  return { data, next_cursor };
}

/** @throws AppError "not_found" */
export async function getInstance(actor: Actor, instanceId: string): Promise<InstanceDetail> {
  authorise(actor, "instances:read");
  return readInstance(db, actor.projectId, instanceId);
}

/** @throws AppError "not_found" */
export async function readInstance(client: Client, projectId: string, id: string, now?: Date): Promise<InstanceDetail> {
  const row = await client.instance.findFirst({ where: { id, projectId }, include: shownWith });
  if (!row) throw notFound("instance");
  const steps = await client.$queryRaw<{ status: string; at: Date }[]>`
    SELECT details->>'status' AS status, at FROM instance_log
     WHERE instance_id = ${id} AND details->>'status' IS NOT NULL ORDER BY id DESC LIMIT ${INSTANCE_LIMITS.steps}`;
  return presentDetail(row, steps.reverse(), now ?? (await databaseNow(client)));
}

/** Newest first; the cursor is the last line's id. @throws AppError "not_found", "invalid_cursor" */
export async function listInstanceLogs(
  actor: Actor,
  instanceId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<InstanceLogLine>> {
  authorise(actor, "instances:read");
  await requireInstance(actor.projectId, instanceId);
  return readLogs(instanceId, { cursor, limit });
}

/** The same of any project's instance. @throws AppError "not_found", "invalid_cursor" */
export async function listAnyInstanceLogs(
  _admin: Administrator,
  instanceId: string,
  query: PageQuery,
): Promise<Page<InstanceLogLine>> {
  const row = await db.instance.findUnique({ where: { id: instanceId }, select: { id: true } });
  if (!row) throw notFound("instance");
  return readLogs(instanceId, query);
}

async function readLogs(instanceId: string, { cursor, limit }: PageQuery): Promise<Page<InstanceLogLine>> {
  // Eighteen digits always fit the column.
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) throw wrongCursor();
  const rows = await db.instanceLog.findMany({
    where: { instanceId, ...(cursor !== undefined && { id: { lt: BigInt(cursor) } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const data = rows.slice(0, limit).map(presentLog);
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/** Newest first; of the project or of one instance. @throws AppError "invalid_cursor", "validation_failed" */
export async function listSnapshots(
  actor: Actor,
  query: PageQuery & { instance_id?: string | undefined; status?: string | undefined },
): Promise<Page<Snapshot>> {
  authorise(actor, "instances:read");
  const { cursor, limit } = query;
  const status = statusesOf(query.status, z.enum(SNAPSHOT_STATUSES));
  const rows = await db.snapshot.findMany({
    where: {
      projectId: actor.projectId,
      ...(query.instance_id !== undefined && { instanceId: query.instance_id }),
      ...(status && { status: { in: status } }),
      ...after("snapshot", cursor),
    },
    include: { instance: { select: { name: true } } },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const nameOf = await readNames(
    db,
    page.map(({ createdBy }) => createdBy),
  );
  const data = page.map((row) => presentSnapshot(row, nameOf));
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found", "invalid_cursor" */
export async function listInstanceSnapshots(
  actor: Actor,
  instanceId: string,
  query: PageQuery,
): Promise<Page<Snapshot>> {
  authorise(actor, "instances:read");
  await requireInstance(actor.projectId, instanceId);
  return listSnapshots(actor, { ...query, instance_id: instanceId });
}

async function requireInstance(projectId: string, id: string): Promise<void> {
  if ((await db.instance.count({ where: { id, projectId } })) === 0) throw notFound("instance");
}

async function pageOfInstances(
  where: Prisma.InstanceWhereInput,
  { cursor, limit, status }: PageQuery & { status?: string | undefined },
): Promise<{ rows: ShownInstance[]; next_cursor: string | null }> {
  const wanted = statusesOf(status, instanceStatusSchema);
  const rows = await db.instance.findMany({
    where: { ...where, ...(wanted && { status: { in: wanted } }), ...after("instance", cursor) },
    include: shownWith,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return { rows: page, next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

function after(kind: IdKind, cursor: string | undefined): { id?: { lt: string } } {
  if (cursor === undefined) return {};
  if (!isId(kind, cursor)) throw wrongCursor();
  return { id: { lt: cursor } };
}

function statusesOf<T extends string>(text: string | undefined, one: z.ZodType<T>): T[] | undefined {
  if (text === undefined) return undefined;
  const parsed = z.array(one).safeParse(text.split(",").map((part) => part.trim()));
  if (!parsed.success) throw invalidField("status", `"${text}" is no status, or several separated by commas.`);
  return parsed.data;
}

function wrongCursor(): AppError {
  return new AppError(
    "invalid_cursor",
    "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
  );
}
