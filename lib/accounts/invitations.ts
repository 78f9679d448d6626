import { type Actor, authorise, type Principal } from "@/lib/accounts/actor";
import { hashPassword } from "@/lib/accounts/password";
import { requireMayGrant } from "@/lib/accounts/policy";
import { lockProject } from "@/lib/accounts/projects";
import { hashToken, newToken } from "@/lib/accounts/tokens";
import { emitUserEvent } from "@/lib/accounts/user-events";
import type { Invitation as InvitationView } from "@/lib/contracts/accounts";
import { type Role, roleSchema } from "@/lib/contracts/permissions";
import type { FieldError } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { isUniqueViolation } from "@/lib/db/errors";
import { type Tx, transaction } from "@/lib/db/transaction";
import { publicOrigin } from "@/lib/env";
import { AppError, notFound } from "@/lib/errors";
import type { Invitation } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

const VALID_MS = 7 * 24 * 3600 * 1000;

/** What the page behind an invitation link shows to whoever has the link. */
export type InvitationPreview = {
  projectName: string;
  email: string;
  role: Role;
  state: "open" | "accepted" | "expired";
  /** ISO 8601, UTC. */
  expiresAt: string;
  /** Whether the address has an account already, so that the person must sign in instead of choosing a password. */
  hasAccount: boolean;
};

/** The invitations that can still be accepted, newest first. */
export async function listInvitations(actor: Actor): Promise<InvitationView[]> {
  authorise(actor, "members:manage");
  const invitations = await db.invitation.findMany({
    where: { projectId: actor.projectId, ...open(new Date()) },
    orderBy: { id: "desc" },
  });
  return invitations.map(presentInvitation);
}

/**
 * Makes a link that admits one person once within 7 days, and voids an older one for the same address.
 * @throws AppError "forbidden" (see requireMayGrant), or "conflict" when the address belongs to a member.
 */
export async function createInvitation(
  actor: Actor,
  { email, role }: { email: string; role: Role },
): Promise<InvitationView & { link: string }> {
  authorise(actor, "members:manage");
  requireMayGrant(actor, role);
  const token = newToken();
  const invitation = await transaction(async (tx) => {
    await lockProject(tx, actor.projectId);
    const member = await tx.member.findFirst({ where: { projectId: actor.projectId, user: { email } } });
    if (member) throw new AppError("conflict", `${email} is a member already.`);
    await tx.invitation.deleteMany({ where: { projectId: actor.projectId, email, acceptedAt: null } });
    return tx.invitation.create({
      data: {
        id: newId("invitation"),
        projectId: actor.projectId,
        email,
        role,
        tokenHash: hashToken(token),
        invitedById: actor.subject.id,
        expiresAt: new Date(Date.now() + VALID_MS),
      },
    });
  });
  return { ...presentInvitation(invitation), link: `${publicOrigin}/invite/${token}` };
}

/** @throws AppError "not_found", also for an invitation that was accepted. */
export async function revokeInvitation(actor: Actor, invitationId: string): Promise<void> {
  authorise(actor, "members:manage");
  const { count } = await db.invitation.deleteMany({
    where: { id: invitationId, projectId: actor.projectId, acceptedAt: null },
  });
  if (count === 0) throw notFound("open invitation");
}

/** @returns null when there is no such invitation, or it was withdrawn or replaced. */
export async function previewInvitation(token: string): Promise<InvitationPreview | null> {
  const invitation = await findByToken(token);
  if (!invitation) return null;
  const account = await db.user.findUnique({ where: { email: invitation.email }, select: { id: true } });
  return {
    projectName: invitation.project.name,
    email: invitation.email,
    role: roleSchema.parse(invitation.role),
    expiresAt: invitation.expiresAt.toISOString(),
    state: invitation.acceptedAt ? "accepted" : invitation.expiresAt <= new Date() ? "expired" : "open",
    hasAccount: account !== null,
  };
}

/**
 * Joins the project: with the signed-in account, whatever its address (the link is the invitation, the address only
 * says whom it was meant for), or else with a new account for the invited address.
 * @throws AppError "not_found" for an unknown link, "gone" for a used or expired one, "conflict" for a member or when
 * the invited address has an account and must sign in, "validation_failed" without name or password.
 */
export async function acceptInvitation(
  principal: Principal | null,
  { token, name, password }: { token: string; name?: string | undefined; password?: string | undefined },
): Promise<{ project_id: string; email: string }> {
  if (principal?.kind === "api_key") throw new AppError("forbidden", "An invitation is for a person, not an API key.");
  const invitation = await findByToken(token);
  if (!invitation) throw new AppError("not_found", "This invitation link is not valid. Ask for a new one.");
  requireOpen(invitation);
  const person = principal
    ? { id: principal.userId, email: principal.email }
    : await prepareNewcomer(invitation.email, { name, password });
  try {
    return await transaction(async (tx) => {
      await lockProject(tx, invitation.projectId);
      if ("passwordHash" in person) await tx.user.create({ data: person });
      await join(tx, invitation, person.id);
      if ("passwordHash" in person) await emitUserEvent(tx, person, { type: "user.created" });
      return { project_id: invitation.projectId, email: person.email };
    });
  } catch (error) {
    if (isUniqueViolation(error, "user_email_key")) throw signInFirst(invitation.email);
    throw error;
  }
}

/**
 * Takes up every open invitation for an address that somebody has just proved to hold.
 * @returns how many there were
 */
export async function acceptAllFor(tx: Tx, { userId, email }: { userId: string; email: string }): Promise<number> {
  const now = new Date();
  const invitations = await tx.invitation.findMany({ where: { email, ...open(now) }, orderBy: { id: "asc" } });
  let accepted = 0;
  for (const { id, projectId, role } of invitations) {
    const { count } = await tx.invitation.updateMany({ where: { id, ...open(now) }, data: { acceptedAt: now } });
    if (count === 0) continue;
    await tx.member.create({ data: { id: newId("member"), projectId, userId, role } });
    accepted += 1;
  }
  return accepted;
}

/** Whether the address is invited anywhere. */
export async function isInvited(email: string): Promise<boolean> {
  return (await db.invitation.findFirst({ where: { email, ...open(new Date()) }, select: { id: true } })) !== null;
}

function findByToken(token: string) {
  return db.invitation.findUnique({ where: { tokenHash: hashToken(token) }, include: { project: true } });
}

async function join(tx: Tx, invitation: Invitation, userId: string): Promise<void> {
  const member = await tx.member.findFirst({ where: { projectId: invitation.projectId, userId } });
  if (member) throw new AppError("conflict", "You are a member of this project already.");
  const acceptedAt = new Date();
  const { count } = await tx.invitation.updateMany({
    where: { id: invitation.id, ...open(acceptedAt) },
    data: { acceptedAt },
  });
  if (count === 0) throw used();
  await tx.member.create({
    data: { id: newId("member"), projectId: invitation.projectId, userId, role: invitation.role },
  });
}

async function prepareNewcomer(
  email: string,
  { name, password }: { name?: string | undefined; password?: string | undefined },
) {
  if (await db.user.findUnique({ where: { email }, select: { id: true } })) throw signInFirst(email);
  const errors: FieldError[] = [];
  if (name === undefined) errors.push({ field: "name", message: "Enter your name" });
  if (password === undefined) errors.push({ field: "password", message: "Choose a password" });
  if (name === undefined || password === undefined) {
    throw new AppError("validation_failed", "A new account needs a name and a password.", { errors });
  }
  return { id: newId("user"), email, name, passwordHash: await hashPassword(password) };
}

function requireOpen(invitation: Invitation): void {
  if (invitation.acceptedAt) throw used();
  if (invitation.expiresAt <= new Date()) {
    throw new AppError("gone", "This invitation has expired. Ask for a new one.");
  }
}

function used(): AppError {
  return new AppError("gone", "This invitation was used or withdrawn. Ask for a new one.");
}

function signInFirst(email: string): AppError {
  return new AppError("conflict", `There is an account for ${email} already. Sign in, then open the link again.`);
}

function open(now: Date) {
  return { acceptedAt: null, expiresAt: { gt: now } };
}

function presentInvitation(invitation: Invitation): InvitationView {
  return {
    id: invitation.id,
    email: invitation.email,
    role: roleSchema.parse(invitation.role),
    expires_at: invitation.expiresAt.toISOString(),
    created_at: invitation.createdAt.toISOString(),
  };
}
