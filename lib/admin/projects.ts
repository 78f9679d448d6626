import type { Administrator } from "@/lib/accounts/admin";
import type { AdminProject, Plan } from "@/lib/contracts/admin-projects";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import type { Prisma } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { log } from "@/lib/log";

const OPEN = ["held", "confirmed", "active"];

/** Newest first. @throws AppError "invalid_cursor" */
export async function listProjects(
  _admin: Administrator,
  query: { cursor?: string | undefined; limit: number; q?: string | undefined; plan?: Plan | undefined },
): Promise<{ data: AdminProject[]; next_cursor: string | null }> {
  if (query.cursor !== undefined && !isId("project", query.cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.project.findMany({
    where: {
      ...(query.cursor !== undefined && { id: { lt: query.cursor } }),
      ...(query.plan !== undefined && { plan: query.plan }),
      ...(query.q && { OR: [{ id: query.q }, { name: { contains: query.q, mode: "insensitive" } }] }),
    },
    include: counts,
    orderBy: { id: "desc" },
    take: query.limit + 1,
  });
  const data = rows.slice(0, query.limit).map(toAdminProject);
  return { data, next_cursor: rows.length > query.limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found" */
export async function changePlan(
  { subject }: Administrator,
  projectId: string,
  { plan }: { plan: Plan },
): Promise<AdminProject> {
  const { count } = await db.project.updateMany({ where: { id: projectId, plan: { not: plan } }, data: { plan } });
  const row = await db.project.findUnique({ where: { id: projectId }, include: counts });
  if (!row) throw new AppError("not_found", "There is no such project.");
  if (count > 0) log.info({ by: subject.id, project_id: projectId, plan }, "an administrator changed a project's plan");
  return toAdminProject(row);
}

const counts = {
  _count: { select: { members: true, reservations: { where: { status: { in: OPEN } } } } },
} satisfies Prisma.ProjectInclude;

function toAdminProject(row: Prisma.ProjectGetPayload<{ include: typeof counts }>): AdminProject {
  return {
    id: row.id,
    name: row.name,
    plan: row.plan === "premium" ? "premium" : "free",
    created_at: row.createdAt.toISOString(),
    member_count: row._count.members,
    open_reservations: row._count.reservations,
  };
}
