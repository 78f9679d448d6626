import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import {
  type createSavedViewBody,
  SAVED_VIEW_LIMITS,
  type SavedView,
  type updateSavedViewBody,
} from "@/lib/contracts/saved-views";
import { db } from "@/lib/db/client";
import { isUniqueViolation } from "@/lib/db/errors";
import { transaction } from "@/lib/db/transaction";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { SavedView as SavedViewRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

/** All of the project's, whoever made them, by name. */
export async function listSavedViews(actor: Actor): Promise<SavedView[]> {
  authorise(actor, "deliveries:read");
  const rows = await db.savedView.findMany({ where: { projectId: actor.projectId }, orderBy: { name: "asc" } });
  return rows.map(toSavedView);
}

/** @throws AppError "validation_failed" for a name that is taken, "conflict" at the project's limit */
export async function createSavedView(actor: Actor, body: z.output<typeof createSavedViewBody>): Promise<SavedView> {
  authorise(actor, "deliveries:retry");
  return withFreeName(body.name, () =>
    transaction(async (tx) => {
      // Those who make views of one project at the same time wait for each other, or the limit would be passed.
      await tx.$queryRaw`SELECT id FROM project WHERE id = ${actor.projectId} FOR NO KEY UPDATE`;
      const present = await tx.savedView.count({ where: { projectId: actor.projectId } });
      if (present >= SAVED_VIEW_LIMITS.per_project) {
        throw new AppError(
          "conflict",
          `A project has at most ${SAVED_VIEW_LIMITS.per_project} saved views; delete one first.`,
        );
      }
      return tx.savedView.create({
        data: { ...body, id: newId("savedView"), projectId: actor.projectId, createdBy: actor.subject.id },
      });
    }),
  );
}

/** @throws AppError "not_found", "validation_failed" for a name that is taken */
export async function updateSavedView(
  actor: Actor,
  viewId: string,
  { name, query }: z.output<typeof updateSavedViewBody>,
): Promise<SavedView> {
  authorise(actor, "deliveries:retry");
  const data = { ...(name === undefined ? {} : { name }), ...(query === undefined ? {} : { query }) };
  return withFreeName(name ?? "", async () => {
    const [row] = await db.savedView.updateManyAndReturn({ where: { id: viewId, projectId: actor.projectId }, data });
    if (!row) throw notFound("saved view");
    return row;
  });
}

/** @throws AppError "not_found" */
export async function deleteSavedView(actor: Actor, viewId: string): Promise<void> {
  authorise(actor, "deliveries:retry");
  const { count } = await db.savedView.deleteMany({ where: { id: viewId, projectId: actor.projectId } });
  if (count === 0) throw notFound("saved view");
}

async function withFreeName(name: string, write: () => Promise<SavedViewRow>): Promise<SavedView> {
  try {
    return toSavedView(await write());
  } catch (error) {
    if (isUniqueViolation(error, "saved_view_project_name_key")) {
      throw invalidField("name", `There is a view "${name}" already; choose another name.`);
    }
    throw error;
  }
}

function toSavedView(row: SavedViewRow): SavedView {
  return {
    id: row.id,
    name: row.name,
    query: row.query,
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
  };
}
