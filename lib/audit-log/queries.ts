import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Administrator } from "@/lib/accounts/admin";
import { type AuditEntry, type AuditFilter, SIGN_IN_ACTIONS } from "@/lib/contracts/audit-log";
import { operations } from "@/lib/contracts/registry";
import { csvLine, harmless } from "@/lib/csv";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import type { AuditEntry as AuditRow, Prisma } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";

type Paged = { cursor?: string | undefined; limit: number };
type Page = { data: AuditEntry[]; next_cursor: string | null };

/** Entries of the CSV that are read at a time. */
const CSV_CHUNK = 1000;

/** Newest first; the cursor is the last id of the page before. @throws AppError "forbidden", "invalid_cursor" */
export async function listAuditLog(actor: Actor, { cursor, limit, ...filter }: AuditFilter & Paged): Promise<Page> {
  authorise(actor, "audit:read");
  return readPage({ projectId: actor.projectId, ...conditionsOf(filter) }, { cursor, limit });
}

/** The same over all projects, with what belongs to none. @throws AppError "invalid_cursor" */
export async function listInstallationAuditLog(
  _admin: Administrator,
  { cursor, limit, project_id, ...filter }: AuditFilter & Paged & { project_id?: string | undefined },
): Promise<Page> {
  const where = conditionsOf(filter);
  return readPage(project_id === undefined ? where : { projectId: project_id, ...where }, { cursor, limit });
}

/** Every entry of the filter as CSV, newest first, read as fast as it is taken. @throws AppError "forbidden" */
export function streamAuditLog(actor: Actor, filter: AuditFilter): ReadableStream<Uint8Array> {
  authorise(actor, "audit:read");
  const where = { projectId: actor.projectId, ...conditionsOf(filter) };
  const encoder = new TextEncoder();
  let before: string | undefined;
  return new ReadableStream({
    pull: async (controller) => {
      const rows = await readRows(where, before, CSV_CHUNK);
      const header = before === undefined ? csvLine(COLUMNS.map(([name]) => name)) : "";
      before = rows.at(-1)?.id;
      const lines = rows.map((row) => csvLine(COLUMNS.map(([, cell]) => cell(toEntry(row)))));
      controller.enqueue(encoder.encode(`${header}${lines.join("")}`));
      if (rows.length < CSV_CHUNK) controller.close();
    },
  });
}

const COLUMNS: readonly (readonly [string, (entry: AuditEntry) => string])[] = [
  ["time_utc", ({ created_at }) => created_at],
  ["actor_kind", ({ actor }) => actor.kind],
  ["actor_id", ({ actor }) => actor.id ?? ""],
  ["actor_name", ({ actor }) => harmless(actor.name)],
  ["action", ({ action }) => action],
  ["summary", ({ summary }) => summary],
  ["target_kind", ({ target }) => target?.kind ?? ""],
  ["target_id", ({ target }) => harmless(target?.id ?? "")],
  ["outcome", ({ outcome }) => outcome],
  ["code", ({ code }) => code ?? ""],
  ["details_json", ({ details }) => JSON.stringify(details)],
  ["address", ({ address }) => harmless(address ?? "")],
  ["user_agent", ({ user_agent }) => harmless(user_agent ?? "")],
  ["request_id", ({ request_id }) => request_id ?? ""],
  ["id", ({ id }) => id],
];

async function readPage(where: Prisma.AuditEntryWhereInput, { cursor, limit }: Paged): Promise<Page> {
  if (cursor !== undefined && !isId("auditEntry", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await readRows(where, cursor, limit + 1);
  const page = rows.slice(0, limit);
  return { data: page.map(toEntry), next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

function readRows(where: Prisma.AuditEntryWhereInput, before: string | undefined, take: number): Promise<AuditRow[]> {
  return db.auditEntry.findMany({
    where: before === undefined ? where : { ...where, id: { lt: before } },
    orderBy: { id: "desc" },
    take,
  });
}

function conditionsOf({ actor_id, action, target_id, outcome, from, to }: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    ...(actor_id && { actorId: actor_id }),
    ...(action && { action }),
    ...(target_id && { targetId: target_id }),
    ...(outcome && { outcome }),
    ...((from || to) && { createdAt: { ...(from && { gte: new Date(from) }), ...(to && { lt: new Date(to) }) } }),
  };
}

const SUMMARIES: ReadonlyMap<string, string> = new Map([
  ...operations.map(({ id, summary }) => [id, summary] as const),
  ...Object.entries(SIGN_IN_ACTIONS),
]);

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    created_at: row.createdAt.toISOString(),
    project_id: row.projectId,
    actor: { kind: row.actorKind as AuditEntry["actor"]["kind"], id: row.actorId, name: row.actorName },
    action: row.action,
    // An entry outlives the operation that it tells of.
    summary: SUMMARIES.get(row.action) ?? row.action,
    target: row.targetKind !== null && row.targetId !== null ? { kind: row.targetKind, id: row.targetId } : null,
    outcome: row.outcome as AuditEntry["outcome"],
    code: row.code,
    details: row.details as AuditEntry["details"],
    address: row.address,
    user_agent: row.userAgent,
    request_id: row.requestId,
  };
}
