import { type Actor, authorise } from "@/lib/accounts/actor";
import { readNames } from "@/lib/accounts/names";
import { invalidCursor, requireCursor } from "@/lib/configurations/guards";
import {
  storedTemplate,
  toVersion,
  toVersionDetail,
  toVersionRef,
  type VersionWithVariant,
  withVariant,
} from "@/lib/configurations/view";
import { compareTemplates, compareTexts } from "@/lib/contracts/config-diff";
import type { ConfigDiff, ConfigVersion, ConfigVersionDetail } from "@/lib/contracts/config-versions";
import type { ConfigVersionRef } from "@/lib/contracts/configurations";
import { convertLaunchText, type TextFormat } from "@/lib/contracts/launch-text";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError, invalidField, notFound } from "@/lib/errors";

type Client = Tx | typeof db;
type Page<T> = { data: T[]; next_cursor: string | null };
type Query = { cursor?: string | undefined; limit: number; variant?: string | undefined };

/** Newest first, without their texts. @throws AppError "not_found", "invalid_cursor" */
export async function listVersions(actor: Actor, configId: string, query: Query): Promise<Page<ConfigVersion>> {
  authorise(actor, "configs:read");
  const { cursor, limit, variant } = query;
  requireCursor("configVersion", cursor);
  await requireConfiguration(actor.projectId, configId);
  const last = cursor === undefined ? null : await db.configVersion.findFirst({ where: { id: cursor, configId } });
  if (cursor !== undefined && last === null) throw invalidCursor();
  const rows = await db.configVersion.findMany({
    where: {
      configId,
      ...(variant === undefined ? {} : { variant: { OR: [{ id: variant }, { name: variant, deletedAt: null }] } }),
      // By time: ids of different processes may differ from it by the difference of their clocks.
      ...(last && {
        OR: [{ createdAt: { lt: last.createdAt } }, { createdAt: last.createdAt, id: { lt: last.id } }],
      }),
    },
    include: withVariant,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const parents = await readParents(db, page);
  const nameOf = await readNames(
    db,
    page.map(({ createdBy }) => createdBy),
  );
  return {
    data: page.map((row) => toVersion(row, parents(row), nameOf)),
    next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** @throws AppError "not_found" */
export async function getVersion(actor: Actor, configId: string, versionId: string): Promise<ConfigVersionDetail> {
  authorise(actor, "configs:read");
  return readVersion(db, actor.projectId, configId, versionId);
}

/** @throws AppError "not_found" */
export async function readVersion(
  client: Client,
  projectId: string,
  configId: string,
  versionId: string,
): Promise<ConfigVersionDetail> {
  const row = await client.configVersion.findFirst({
    where: { id: versionId, configId, projectId },
    include: withVariant,
  });
  if (!row) throw notFound("version");
  const parents = await readParents(client, [row]);
  return toVersionDetail(row, parents(row), await readNames(client, [row.createdBy]));
}

/** @throws AppError "not_found"; "validation_failed" for a version that is not of this configuration */
export async function diffVersions(
  actor: Actor,
  configId: string,
  query: { from: string; to: string },
): Promise<ConfigDiff> {
  authorise(actor, "configs:read");
  await requireConfiguration(actor.projectId, configId);
  const rows = await db.configVersion.findMany({
    where: { id: { in: [query.from, query.to] }, configId, projectId: actor.projectId },
    include: withVariant,
  });
  const pick = (field: "from" | "to") => {
    const row = rows.find(({ id }) => id === query[field]);
    if (!row) throw invalidField(field, "There is no such version of this configuration.");
    return row;
  };
  const [from, to] = [pick("from"), pick("to")];
  return { from: toVersionRef(from), to: toVersionRef(to), ...compareRows(from, to) };
}

type Text = Pick<VersionWithVariant, "content" | "source" | "format">;

/** By field and by line. Texts of different formats are compared in the format of the second. */
export function compareRows(from: Text | null, to: Text): Pick<ConfigDiff, "changes" | "lines"> {
  const format = to.format as TextFormat;
  const before =
    from === null
      ? ""
      : from.format === format
        ? from.source
        : (convertLaunchText(from.source, from.format as TextFormat, format) ?? from.source);
  return {
    changes: compareTemplates(from && storedTemplate(from.content), storedTemplate(to.content)),
    lines: compareTexts(before, to.source),
  };
}

/**
 * A version by the name of its variant and its number, as requests name it.
 * @param prefix of the fields that are named in the error
 * @throws AppError "validation_failed"
 */
export async function findVersion(
  tx: Tx,
  configId: string,
  { variant, version }: { variant: string; version: number },
  prefix = "",
): Promise<VersionWithVariant> {
  const line = await tx.configVariant.findFirst({ where: { configId, name: variant, deletedAt: null } });
  if (!line) throw invalidField(`${prefix}variant`, `There is no variant "${variant}" of this configuration.`);
  const row = await tx.configVersion.findFirst({ where: { variantId: line.id, version }, include: withVariant });
  if (!row) {
    throw invalidField(
      `${prefix}version`,
      line.head === 0 ? `"${variant}" has no version yet.` : `"${variant}" has the versions 1 to ${line.head}.`,
    );
  }
  return row;
}

/** @throws AppError "not_found" */
export async function requireConfiguration(projectId: string, configId: string): Promise<void> {
  const found = await db.configuration.findFirst({ where: { id: configId, projectId }, select: { id: true } });
  if (!found) throw notFound("configuration");
}

/** The error for a base version that is no longer the newest, with what changed since. */
export async function commitConflict(tx: Tx, variantId: string, sent: number): Promise<AppError> {
  const { head, name } = await tx.configVariant.findUniqueOrThrow({ where: { id: variantId } });
  const rows = await tx.configVersion.findMany({ where: { variantId, version: { in: [sent, head] } } });
  const base = rows.find(({ version }) => version === sent);
  const newest = rows.find(({ version }) => version === head);
  const changed =
    newest && (base || sent === 0)
      ? compareTemplates(base ? storedTemplate(base.content) : null, storedTemplate(newest.content))
      : undefined;
  return new AppError(
    "version_conflict",
    head < sent
      ? `"${name}" has no version ${sent}; its newest is ${head}.`
      : `"${name}" is at version ${head} by now; yours was made from ${sent === 0 ? "nothing" : `version ${sent}`}. Look at what changed and send it again with \`base_version\` ${head}.`,
    {
      errors: [{ field: "base_version", message: `The newest version is ${head}.` }],
      extras: {
        current_version: head,
        ...(changed && { changed: changed.map(({ field, from, to }) => ({ field, was: from, is: to })) }),
      },
    },
  );
}

async function readParents(
  client: Client,
  rows: readonly { parentId: string | null }[],
): Promise<(row: { parentId: string | null }) => ConfigVersionRef | null> {
  const ids = rows.flatMap(({ parentId }) => parentId ?? []);
  const found =
    ids.length === 0 ? [] : await client.configVersion.findMany({ where: { id: { in: ids } }, include: withVariant });
  const byId = new Map(found.map((row) => [row.id, toVersionRef(row)]));
  return ({ parentId }) => (parentId === null ? null : (byId.get(parentId) ?? null));
}
