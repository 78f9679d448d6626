import type { Administrator } from "@/lib/accounts/admin";
import type { AdminProject, Plan } from "@/lib/contracts/admin-projects";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import type { Project } from "@/lib/generated/prisma/client";
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
    orderBy: { id: "desc" },
    take: query.limit + 1,
  });
  const data = await present(rows.slice(0, query.limit));
  return { data, next_cursor: rows.length > query.limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found" */
export async function changePlan(
  { subject }: Administrator,
  projectId: string,
  { plan }: { plan: Plan },
): Promise<AdminProject> {
  const { count } = await db.project.updateMany({ where: { id: projectId, plan: { not: plan } }, data: { plan } });
  const row = await db.project.findUnique({ where: { id: projectId } });
  const [project] = await present(row ? [row] : []);
  if (!project) throw new AppError("not_found", "There is no such project.");
  if (count > 0) log.info({ by: subject.id, project_id: projectId, plan }, "an administrator changed a project's plan");
  return project;
}

/** Counted for these projects only: Prisma's own counts of relations would first count those of all projects there are. */
async function present(rows: readonly Project[]): Promise<AdminProject[]> {
  const projectId = { in: rows.map(({ id }) => id) };
  const [members, reservations] = await Promise.all([
    db.member.groupBy({ by: ["projectId"], where: { projectId }, _count: true }),
    db.reservation.groupBy({ by: ["projectId"], where: { projectId, status: { in: OPEN } }, _count: true }),
  ]);
  const countOf = (groups: typeof members, id: string) => groups.find((group) => group.projectId === id)?._count ?? 0;
  return rows.map(({ id, name, plan, createdAt }) => ({
    id,
    name,
    plan: plan === "premium" ? "premium" : "free",
    created_at: createdAt.toISOString(),
    member_count: countOf(members, id),
    open_reservations: countOf(reservations, id),
  }));
}
