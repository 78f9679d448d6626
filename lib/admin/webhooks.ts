import type { Administrator } from "@/lib/accounts/admin";
import {
  type AdminDelivery,
  type AdminWebhook,
  fileErrorSchema,
  type SyncResult,
  syncResultSchema,
  type WebhooksFile,
  webhooksFileSchema,
} from "@/lib/contracts/admin";
import type { DeliveryQuery } from "@/lib/contracts/deliveries";
import { db } from "@/lib/db/client";
import { webhooksFile } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { log } from "@/lib/log";
import { type Page, pageOfRows } from "@/lib/webhooks/delivery-queries";
import { toDeliveries } from "@/lib/webhooks/delivery-view";
import { loadWebhooksFile } from "@/lib/webhooks/file/load";
import { MANAGED } from "@/lib/webhooks/request-webhooks";
import { toWebhook } from "@/lib/webhooks/webhook-view";

/**
 * Reads the webhooks' file again.
 * @param reenable also enable its webhooks that were disabled automatically
 * @throws AppError "validation_failed" with every mistake for a file that is refused
 */
export async function reloadFile(
  { subject }: Administrator,
  { reenable }: { reenable: boolean },
): Promise<SyncResult & { errors: [] }> {
  log.info({ by: subject.id, reenable }, "an administrator reloads the webhooks' file");
  const outcome = await loadWebhooksFile({ trigger: "admin", reenable });
  if (outcome.kind === "applied") return { ...outcome.result, errors: [] };
  if (outcome.kind !== "refused") {
    throw new AppError("conflict", "There is no project that the webhooks of the file could belong to.");
  }
  const { errors } = outcome;
  throw new AppError(
    "validation_failed",
    `${webhooksFile} was refused as a whole (${errors.length === 1 ? "1 mistake" : `${errors.length} mistakes`}). What was in force stays so.`,
    {
      errors: errors.map(({ line, field, message }) => ({
        field,
        message: line === null ? message : `Line ${line}: ${message}`,
      })),
    },
  );
}

/** Newest first, of all projects. @throws AppError "invalid_cursor". */
export async function listEndpoints(
  _admin: Administrator,
  query: { cursor?: string | undefined; limit: number; source?: string | undefined; project_id?: string | undefined },
): Promise<Page<AdminWebhook> & { file: WebhooksFile }> {
  if (query.cursor !== undefined && !isId("webhook", query.cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const [rows, file] = await Promise.all([
    db.webhook.findMany({
      where: {
        deletedAt: null,
        ...MANAGED,
        ...(query.source !== undefined && { source: query.source }),
        ...(query.project_id !== undefined && { projectId: query.project_id }),
        ...(query.cursor !== undefined && { id: { lt: query.cursor } }),
      },
      include: { project: { select: { id: true, name: true } } },
      orderBy: { id: "desc" },
      take: query.limit + 1,
    }),
    readFileState(),
  ]);
  const data = rows.slice(0, query.limit).map((row) => ({ ...toWebhook(row), project: row.project }));
  return { data, next_cursor: rows.length > query.limit ? (data.at(-1)?.id ?? null) : null, file };
}

/** Newest first, of all projects. @throws AppError "invalid_cursor". */
export async function listDeliveries(
  _admin: Administrator,
  { project_id, ...query }: DeliveryQuery & { project_id?: string | undefined },
): Promise<Page<AdminDelivery>> {
  const now = new Date();
  const { rows, next_cursor } = await pageOfRows(project_id ?? null, query, now);
  const deliveries = await toDeliveries(rows, now);
  const projectOf = new Map(rows.map(({ id, projectId }) => [id, projectId]));
  return { data: deliveries.map((row) => ({ ...row, project_id: projectOf.get(row.id) ?? "" })), next_cursor };
}

async function readFileState(): Promise<WebhooksFile> {
  const row = await db.webhooksFile.findUnique({ where: { id: 1 } });
  if (!row) return { path: webhooksFile, last_load: null };
  return webhooksFileSchema.parse({
    path: row.path,
    last_load: {
      at: row.loadedAt.toISOString(),
      host: row.host,
      trigger: row.trigger,
      errors: fileErrorSchema.array().parse(row.errors),
      applied_at: row.appliedAt?.toISOString() ?? null,
      result: syncResultSchema.nullable().parse(row.result),
    },
  });
}
