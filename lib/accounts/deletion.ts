import { noAccount, type Person, readAccount, requirePassword } from "@/lib/accounts/profile";
import { emitUserEvent } from "@/lib/accounts/user-events";
import type { DeletionPreview } from "@/lib/contracts/profile";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import type { User } from "@/lib/generated/prisma/client";

/** A project with a long history has many events. */
const TIMEOUT_MS = 55_000;

/** What deleting the account would do; changes nothing. */
export async function previewDeletion(person: Person): Promise<DeletionPreview> {
  const { passwordHash } = await readAccount(person);
  return { ...(await judge(db, person.userId)), has_password: passwordHash !== null };
}

/**
 * Deletes the account, and the projects in which nobody else is. What it did elsewhere (bookings, keys, histories) stays
 * under its id, which then belongs to nobody. `user.deleted` goes to the projects that stay.
 * @throws AppError "invalid_credentials", "validation_failed" for another address; "conflict" with the reasons;
 *   "unauthenticated" when the account was deleted a moment ago
 */
export async function deleteAccount(
  person: Person,
  { email, current_password }: { email: string; current_password?: string | undefined },
  address: string,
): Promise<void> {
  const account = await readAccount(person);
  if (email !== account.email) throw invalidField("email", "Type your own address, to show that you mean it.");
  if (account.passwordHash !== null) {
    if (current_password === undefined) throw invalidField("current_password", "Enter your current password");
    await requirePassword(account, current_password, address);
  }
  await transaction(
    async (tx) => {
      await lock(tx, account);
      const projects = await requireAllowed(tx, account.id);
      const ids = (fate: string) => projects.filter((project) => project.fate === fate).map(({ id }) => id);
      await emitUserEvent(tx, account, { type: "user.deleted" }, ids("left"));
      const gone = ids("deleted");
      // Events refer to no project by a key, so that storing one has no key to look up; their deliveries go with them.
      await tx.event.deleteMany({ where: { projectId: { in: gone } } });
      // Bookings from here on wait, as late as can be: they hold their pool meanwhile. Those made until now count.
      await tx.$queryRaw`SELECT id FROM project WHERE id = ANY(${gone}::text[]) ORDER BY id FOR UPDATE`;
      await requireAllowed(tx, account.id);
      await tx.project.deleteMany({ where: { id: { in: gone } } });
      await tx.invitation.deleteMany({ where: { invitedById: account.id, acceptedAt: null } });
      await tx.user.delete({ where: { id: account.id } });
    },
    { timeoutMs: TIMEOUT_MS },
  );
}

/**
 * Holds the account, so that it gets no project that would be left with nobody; the other administrators' deletions, or
 * each would take the other for the one who stays; and the person's projects, so that nobody joins or leaves between the
 * look and the deletion.
 */
async function lock(tx: Tx, { id, isAdmin }: User): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>`SELECT id FROM "user" WHERE id = ${id} FOR UPDATE`;
  if (found.length === 0) throw noAccount();
  if (isAdmin) await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('administrators', 0))`;
  await tx.$queryRaw`
    SELECT p.id FROM project p JOIN member m ON m.project_id = p.id WHERE m.user_id = ${id} ORDER BY p.id FOR NO KEY UPDATE OF p`;
}

/** @throws AppError "conflict" with the reasons */
async function requireAllowed(tx: Tx, userId: string): Promise<DeletionPreview["projects"]> {
  const { allowed, reasons, projects } = await judge(tx, userId);
  if (!allowed) throw new AppError("conflict", reasons.join(" "));
  return projects;
}

async function judge(client: Tx | typeof db, userId: string): Promise<Omit<DeletionPreview, "has_password">> {
  const memberships = await client.member.findMany({
    where: { userId },
    include: { project: { include: { members: { select: { userId: true, role: true } } } } },
    orderBy: { projectId: "asc" },
  });
  const running = await client.reservation.groupBy({
    by: ["projectId"],
    where: {
      projectId: { in: memberships.map(({ projectId }) => projectId) },
      status: { in: ["held", "confirmed", "active"] },
    },
    _count: true,
  });
  const reasons: string[] = [];
  const projects = memberships.map(({ project }) => {
    const others = project.members.filter((member) => member.userId !== userId);
    const own = project.members.find((member) => member.userId === userId);
    const bookings = running.find(({ projectId }) => projectId === project.id)?._count ?? 0;
    const fate = fateOf({ isOwner: own?.role === "owner", others, bookings });
    if (fate === "blocked") {
      reasons.push(
        others.length > 0
          ? `You are the only owner of “${project.name}”: make somebody else an owner, or remove the others.`
          : `“${project.name}” would go with you, and has ${bookings} reservations that have not ended: cancel them first.`,
      );
    }
    return { id: project.id, name: project.name, fate };
  });
  const [people, admins, self] = await Promise.all([
    client.user.count(),
    client.user.count({ where: { isAdmin: true } }),
    client.user.findUnique({ where: { id: userId }, select: { isAdmin: true } }),
  ]);
  if (self?.isAdmin && admins === 1 && people > 1) {
    reasons.push("You are the only one who runs this installation, and others still use it.");
  }
  return { allowed: reasons.length === 0, reasons, projects };
}

type Circumstances = { isOwner: boolean; others: readonly { role: string }[]; bookings: number };

/** What becomes of a project when one of its members is deleted. */
export function fateOf({ isOwner, others, bookings }: Circumstances): "left" | "deleted" | "blocked" {
  if (others.length === 0) return bookings > 0 ? "blocked" : "deleted";
  return !isOwner || others.some(({ role }) => role === "owner") ? "left" : "blocked";
}
