import { encode } from "next-auth/jwt";
import type { Principal } from "@/lib/accounts/actor";
import { limitLogin } from "@/lib/accounts/login-limit";
import { hashPassword, verifyPassword } from "@/lib/accounts/password";
import { SESSION_COOKIE, SESSION_MAX_AGE, secureCookies } from "@/lib/accounts/session-token";
import { emitUserEvent } from "@/lib/accounts/user-events";
import type { Profile } from "@/lib/contracts/profile";
import { db } from "@/lib/db/client";
import { isUniqueViolation } from "@/lib/db/errors";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { AppError, invalidField } from "@/lib/errors";
import type { User } from "@/lib/generated/prisma/client";

export type Person = Extract<Principal, { kind: "user" }>;

/** @throws AppError "unauthenticated" when the account was deleted a moment ago. */
export async function rename(person: Person, name: string): Promise<Profile> {
  return transaction(async (tx) => {
    const before = await tx.user.findUnique({ where: { id: person.userId } });
    if (!before) throw noAccount();
    if (before.name === name) return presentProfile(before);
    const user = await tx.user.update({ where: { id: person.userId }, data: { name } });
    await emitUserEvent(tx, user, { type: "user.updated", data: { changed: ["name"] } });
    return presentProfile(user);
  });
}

/**
 * @param address where the request comes from: guessing the password here counts as guessing it at the log-in
 * @throws AppError "invalid_credentials", "rate_limited"; "conflict" without a password; "validation_failed" for an
 * address that somebody has
 */
export async function changeEmail(
  person: Person,
  { email, current_password }: { email: string; current_password: string },
  address: string,
): Promise<Profile> {
  const account = await readAccount(person);
  if (account.passwordHash === null) {
    throw new AppError("conflict", "Set a password first: it is what shows that it is you who changes the address.");
  }
  await requirePassword(account, current_password, address);
  if (account.email === email) return presentProfile(account);
  try {
    return await transaction(async (tx) => {
      const user = await tx.user.update({ where: { id: account.id }, data: { email } });
      await emitUserEvent(tx, user, {
        type: "user.updated",
        data: { changed: ["email"], previous_email: account.email },
      });
      return presentProfile(user);
    });
  } catch (error) {
    if (isUniqueViolation(error, "user_email_key")) {
      throw invalidField("email", "There is an account with this address already.");
    }
    throw error;
  }
}

/**
 * Ends every session, since one of them may be why the password is changed.
 * @returns the `Set-Cookie` with which this browser stays signed in
 * @throws AppError "invalid_credentials", "rate_limited"; "validation_failed" without the current password
 */
export async function changePassword(
  person: Person,
  { current_password, new_password }: { current_password?: string | undefined; new_password: string },
  address: string,
): Promise<string> {
  const account = await readAccount(person);
  if (account.passwordHash !== null) {
    if (current_password === undefined) throw invalidField("current_password", "Enter your current password");
    await requirePassword(account, current_password, address);
  }
  const passwordHash = await hashPassword(new_password);
  const version = await transaction(async (tx) => {
    const { count } = await tx.user.updateMany({
      // What was checked must still be so: of two changes at once the second would undo the first unseen.
      where: { id: account.id, passwordHash: account.passwordHash },
      data: { passwordHash, tokenVersion: { increment: 1 } },
    });
    if (count === 0) throw new AppError("conflict", "The password was changed a moment ago. Sign in with the new one.");
    const user = await tx.user.findUniqueOrThrow({ where: { id: account.id } });
    await emitUserEvent(tx, user, { type: "user.updated", data: { changed: ["password"] } });
    return user.tokenVersion;
  });
  return sessionCookie(account.id, version);
}

/** @returns the `Set-Cookie` with which this browser stays signed in */
export async function signOutEverywhere(person: Person): Promise<string> {
  const { tokenVersion } = await db.user.update({
    where: { id: person.userId },
    data: { tokenVersion: { increment: 1 } },
  });
  return sessionCookie(person.userId, tokenVersion);
}

/** @throws AppError "unauthenticated" when the account was deleted a moment ago. */
export async function readAccount(person: Person): Promise<User> {
  const account = await db.user.findUnique({ where: { id: person.userId } });
  if (!account) throw noAccount();
  return account;
}

/** @throws AppError "invalid_credentials", "rate_limited" */
export async function requirePassword(account: User, password: string, address: string): Promise<void> {
  const right = await limitLogin({ email: account.email, address }, async () =>
    (await verifyPassword(account.passwordHash, password)) ? true : null,
  );
  if (right) return;
  const message = "That is not your current password.";
  throw new AppError("invalid_credentials", message, { errors: [{ field: "current_password", message }] });
}

async function sessionCookie(userId: string, version: number): Promise<string> {
  const token = await encode({
    token: { sub: userId, version },
    secret: env.NEXTAUTH_SECRET ?? "",
    maxAge: SESSION_MAX_AGE,
  });
  const secure = secureCookies ? "; Secure" : "";
  return `${SESSION_COOKIE}=${token}; Path=/; Max-Age=${SESSION_MAX_AGE}; HttpOnly; SameSite=Lax${secure}`;
}

function presentProfile({ id, email, name }: User): Profile {
  return { id, email, name };
}

export function noAccount(): AppError {
  return new AppError("unauthenticated", "This account no longer exists.");
}
