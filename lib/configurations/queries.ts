import { type Actor, authorise } from "@/lib/accounts/actor";
import { type NameOf, readNames } from "@/lib/accounts/names";
import { invalidCursor, requireCursor } from "@/lib/configurations/guards";
import type { ConfigInForce, Configuration, ConfigVariant } from "@/lib/contracts/configurations";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { notFound } from "@/lib/errors";
import type { Configuration as ConfigurationRow, ConfigVariant as VariantRow } from "@/lib/generated/prisma/client";

type Client = Tx | typeof db;
type Page<T> = { data: T[]; next_cursor: string | null };
type Query = {
  cursor?: string | undefined;
  limit: number;
  name?: string | undefined;
  application?: string | undefined;
  archived: "true" | "false";
};

const shownWith = {
  application: { select: { id: true, name: true } },
  variants: { where: { deletedAt: null }, orderBy: { id: "asc" } },
} as const;

type ShownRow = ConfigurationRow & { application: { id: string; name: string }; variants: VariantRow[] };

/** By application and name. @throws AppError "invalid_cursor" */
export async function listConfigurations(actor: Actor, query: Query): Promise<Page<Configuration>> {
  authorise(actor, "configs:read");
  const { projectId } = actor;
  const { cursor, limit } = query;
  requireCursor("configuration", cursor);
  const after = cursor === undefined ? null : await placeOf(projectId, cursor);
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM configuration c JOIN application a ON a.id = c.application_id
     WHERE c.project_id = ${projectId}
       AND (c.archived_at IS NULL OR ${query.archived === "true"})
       AND (${query.name ?? null}::text IS NULL OR c.name = ${query.name ?? null})
       AND (${query.application ?? null}::text IS NULL OR a.name = ${query.application ?? null})
       AND (${after?.application ?? null}::text IS NULL OR (a.name, c.name) > (${after?.application ?? ""}, ${after?.name ?? ""}))
     ORDER BY a.name, c.name LIMIT ${limit + 1}`;
  const ids = found.slice(0, limit).map(({ id }) => id);
  const rows = await db.configuration.findMany({ where: { id: { in: ids }, projectId }, include: shownWith });
  const byId = new Map((await present(db, rows)).map((config) => [config.id, config]));
  const data = ids.flatMap((id) => byId.get(id) ?? []);
  return { data, next_cursor: found.length > limit ? (ids.at(-1) ?? null) : null };
}

/** Where the last of the page before stands. @throws AppError "invalid_cursor" */
async function placeOf(projectId: string, configId: string): Promise<{ application: string; name: string }> {
  const last = await db.configuration.findFirst({ where: { id: configId, projectId }, include: shownWith });
  if (!last) throw invalidCursor();
  return { application: last.application.name, name: last.name };
}

/** @throws AppError "not_found" */
export async function getConfiguration(actor: Actor, configId: string): Promise<Configuration> {
  authorise(actor, "configs:read");
  return readConfiguration(db, actor.projectId, configId);
}

/** @throws AppError "not_found" */
export async function readConfiguration(client: Client, projectId: string, configId: string): Promise<Configuration> {
  const row = await client.configuration.findFirst({ where: { id: configId, projectId }, include: shownWith });
  const [config] = row ? await present(client, [row]) : [];
  if (!config) throw notFound("configuration");
  return config;
}

/** @throws AppError "not_found" */
export async function listVariants(
  actor: Actor,
  configId: string,
): Promise<{ data: ConfigVariant[]; next_cursor: null }> {
  const { variants } = await getConfiguration(actor, configId);
  return { data: variants, next_cursor: null };
}

async function present(client: Client, rows: readonly ShownRow[]): Promise<Configuration[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const heads = await readHeads(client, ids);
  const inForce = await readInForce(client, ids);
  const makers = rows.flatMap(({ createdBy, variants }) => [
    createdBy,
    ...variants.map((variant) => variant.createdBy),
  ]);
  const nameOf = await readNames(client, makers);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    application: row.application,
    variants: row.variants.map((variant) => toVariant(variant, heads.get(variant.id) ?? null, nameOf)),
    in_force: inForce.get(row.id) ?? [],
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    archived_at: row.archivedAt?.toISOString() ?? null,
  }));
}

export function toVariant(row: VariantRow, headId: string | null, nameOf: NameOf): ConfigVariant {
  return {
    id: row.id,
    name: row.name,
    head: row.head,
    head_id: headId,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
  };
}

/** The id of the newest version of each variant that has one. */
async function readHeads(client: Client, configIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await client.$queryRaw<{ id: string; variant_id: string }[]>`
    SELECT v.id, v.variant_id FROM config_variant x JOIN config_version v ON v.variant_id = x.id AND v.version = x.head
     WHERE x.config_id = ANY(${configIds}) AND x.deleted_at IS NULL`;
  return new Map(rows.map((row) => [row.variant_id, row.id]));
}

type InForceRow = {
  id: string;
  config_id: string;
  number: number;
  created_at: Date;
  environment: string;
  version_id: string;
  version: number;
  variant: string;
};

/** What is in force in each environment, by the names of the environments. */
async function readInForce(client: Client, configIds: readonly string[]): Promise<Map<string, ConfigInForce[]>> {
  const rows = await client.$queryRaw<InForceRow[]>`
    SELECT * FROM (
      SELECT DISTINCT ON (d.config_id, d.environment_id) d.id, d.config_id, d.number, d.created_at,
             e.name AS environment, v.id AS version_id, v.version, x.name AS variant
        FROM deployment d JOIN environment e ON e.id = d.environment_id
             JOIN config_version v ON v.id = d.version_id JOIN config_variant x ON x.id = v.variant_id
       WHERE d.config_id = ANY(${configIds})
       ORDER BY d.config_id, d.environment_id, d.number DESC) newest
     ORDER BY environment`;
  const found = new Map<string, ConfigInForce[]>();
  for (const row of rows) {
    const entry = {
      environment: row.environment,
      deployment_id: row.id,
      number: row.number,
      version: { id: row.version_id, variant: row.variant, version: row.version },
      deployed_at: row.created_at.toISOString(),
    };
    found.set(row.config_id, [...(found.get(row.config_id) ?? []), entry]);
  }
  return found;
}
