import { createProject } from "@/lib/accounts/projects";
import type { Tx } from "@/lib/db/transaction";
import { newIdAt } from "@/lib/ids";

const DAY_MS = 24 * 3600 * 1000;

/** Who books in the demo beside whoever is looking at it. They have no passwords, so nobody signs in as them. */
const COLLEAGUES = ["Grace Murray", "Katherine Coleman"] as const;

/** Other projects of the installation: their bookings show as those of others. */
const OTHERS = [
  { name: "Vision research", plan: "premium", people: ["Mary Winston", "Annie Easley"] },
  { name: "Speech lab", plan: "premium", people: ["Radia Perl"] },
  { name: "Sandbox", plan: "free", people: ["Joan Clark"] },
] as const;

export type DemoProject = {
  projectId: string;
  /** Users that book; the first is the owner. */
  people: [string, ...string[]];
  /** Whether it is the one that the demo is loaded into. */
  own: boolean;
};

/** The projects that book: the one that the demo is loaded into, with colleagues, and premium ones of others. */
export async function createDemoProjects(tx: Tx, projectId: string, now: Date): Promise<DemoProject[]> {
  const owner = await tx.member.findFirst({ where: { projectId, role: "owner" }, orderBy: { createdAt: "asc" } });
  const colleagues = await createUsers(tx, COLLEAGUES, now);
  for (const userId of colleagues) {
    await tx.member.create({ data: { id: newIdAt("member", daysAgo(now, 50)), projectId, userId, role: "member" } });
  }
  const projects: DemoProject[] = [{ projectId, people: [owner?.userId ?? "system", ...colleagues], own: true }];
  for (const { name, plan, people } of OTHERS) {
    const [ownerId, ...members] = await createUsers(tx, people, now);
    if (ownerId === undefined) continue;
    const project = await createProject(tx, { name, plan, ownerId });
    // Older than its first booking.
    await tx.project.update({ where: { id: project.id }, data: { createdAt: daysAgo(now, 100) } });
    for (const userId of members) {
      await tx.member.create({
        data: { id: newIdAt("member", daysAgo(now, 50)), projectId: project.id, userId, role: "member" },
      });
    }
    if (plan === "premium") projects.push({ projectId: project.id, people: [ownerId, ...members], own: false });
  }
  return projects;
}

async function createUsers(tx: Tx, names: readonly string[], now: Date): Promise<string[]> {
  const rows = names.map((name) => ({
    id: newIdAt("user", daysAgo(now, 60)),
    name,
    email: `${name.toLowerCase().replaceAll(" ", ".")}@demo.invalid`,
  }));
  await tx.user.createMany({ data: rows });
  return rows.map(({ id }) => id);
}

function daysAgo(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
