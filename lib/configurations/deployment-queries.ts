import { type Actor, authorise } from "@/lib/accounts/actor";
import { type NameOf, readNames } from "@/lib/accounts/names";
import { invalidCursor, requireCursor } from "@/lib/configurations/guards";
import { requireConfiguration } from "@/lib/configurations/versions";
import { toVersionRef } from "@/lib/configurations/view";
import type { Deployment } from "@/lib/contracts/deployments";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import type { Deployment as DeploymentRow } from "@/lib/generated/prisma/client";

type Client = Tx | typeof db;
type Page<T> = { data: T[]; next_cursor: string | null };
type Query = { cursor?: string | undefined; limit: number; environment?: string | undefined };
type RollbackOf = Deployment["rollback_of"];

/** What a deployment is shown with. */
export const shownWith = {
  environment: { select: { name: true } },
  version: { select: { id: true, version: true, variant: { select: { name: true } } } },
} as const;

export type ShownDeployment = DeploymentRow & {
  environment: { name: string };
  version: { id: string; version: number; variant: { name: string } };
};

/** What is in force; stays so for whoever holds the configuration's lock. */
export function currentDeployment(
  client: Client,
  configId: string,
  environmentId: string,
): Promise<ShownDeployment | null> {
  return client.deployment.findFirst({
    where: { configId, environmentId },
    orderBy: { number: "desc" },
    include: shownWith,
  });
}

/** Newest first. @throws AppError "not_found", "invalid_cursor" */
export async function listDeployments(actor: Actor, configId: string, query: Query): Promise<Page<Deployment>> {
  authorise(actor, "configs:read");
  const { cursor, limit, environment } = query;
  requireCursor("deployment", cursor);
  await requireConfiguration(actor.projectId, configId);
  const last = cursor === undefined ? null : await db.deployment.findFirst({ where: { id: cursor, configId } });
  if (cursor !== undefined && last === null) throw invalidCursor();
  const rows = await db.deployment.findMany({
    where: {
      configId,
      ...(environment === undefined ? {} : { environment: { name: environment } }),
      // By time: ids of different processes may differ from it by the difference of their clocks.
      ...(last && { OR: [{ createdAt: { lt: last.createdAt } }, { createdAt: last.createdAt, id: { lt: last.id } }] }),
    },
    include: shownWith,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const data = await present(db, configId, page);
  return { data, next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** One that was just made. */
export async function readDeployment(client: Client, row: ShownDeployment): Promise<Deployment> {
  const nameOf = await readNames(client, [row.createdBy]);
  const rollbacks = await readRollbacks(client, [row]);
  return toDeployment(row, { current: true, rollbackOf: rollbacks(row), nameOf });
}

export function toDeployment(
  row: ShownDeployment,
  { current, rollbackOf, nameOf }: { current: boolean; rollbackOf: RollbackOf; nameOf: NameOf },
): Deployment {
  return {
    id: row.id,
    config_id: row.configId,
    environment: row.environment.name,
    number: row.number,
    version: toVersionRef(row.version),
    current,
    rollback_of: rollbackOf,
    message: row.message,
    correlation_id: row.correlationId,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
  };
}

async function present(client: Client, configId: string, rows: readonly ShownDeployment[]): Promise<Deployment[]> {
  const newest = await client.deployment.groupBy({
    by: ["environmentId"],
    where: { configId },
    _max: { number: true },
  });
  const highest = new Map(newest.map(({ environmentId, _max }) => [environmentId, _max.number]));
  const rollbacks = await readRollbacks(client, rows);
  const nameOf = await readNames(
    client,
    rows.map(({ createdBy }) => createdBy),
  );
  return rows.map((row) =>
    toDeployment(row, {
      current: highest.get(row.environmentId) === row.number,
      rollbackOf: rollbacks(row),
      nameOf,
    }),
  );
}

async function readRollbacks(
  client: Client,
  rows: readonly DeploymentRow[],
): Promise<(row: DeploymentRow) => RollbackOf> {
  const ids = rows.flatMap(({ rollbackOf }) => rollbackOf ?? []);
  const found =
    ids.length === 0
      ? []
      : await client.deployment.findMany({ where: { id: { in: ids } }, select: { id: true, number: true } });
  const byId = new Map(found.map((row) => [row.id, row]));
  return ({ rollbackOf }) => (rollbackOf === null ? null : (byId.get(rollbackOf) ?? null));
}
