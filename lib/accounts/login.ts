import { z } from "zod";
import { noteFailedLogin } from "@/lib/accounts/failed-login";
import { limitLogin } from "@/lib/accounts/login-limit";
import { verifyPassword } from "@/lib/accounts/password";
import type { SessionUser } from "@/lib/accounts/session-token";
import { emitUserEvent } from "@/lib/accounts/user-events";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";

/** Lenient on what it reads, since the answer to anything odd is the same: wrong e-mail or password. */
const credentialsSchema = z.object({
  email: z.string().trim().toLowerCase().pipe(z.email().max(254)),
  password: z.string().min(1).max(1000),
});

/**
 * Checks e-mail and password. Takes the same time and counts the same whether or not there is such an account.
 * One that fails is noted in the audit log, beside the answer: that takes as long as it takes.
 * @param address where the attempt comes from
 * @param userAgent what it was made with
 * @returns null when they do not match
 * @throws AppError "rate_limited" with the seconds to wait.
 */
export async function logIn(
  credentials: unknown,
  address: string,
  userAgent: string | null = null,
): Promise<SessionUser | null> {
  const parsed = credentialsSchema.safeParse(credentials);
  if (!parsed.success) return null;
  const { email, password } = parsed.data;
  return limitLogin({ email, address }, async () => {
    const user = await db.user.findUnique({ where: { email } });
    const right = await verifyPassword(user?.passwordHash ?? null, password);
    if (user && right) return { id: user.id, email: user.email, name: user.name };
    // Not waited for: how long the answer takes must not tell whether there is such an account.
    void noteFailedLogin({ user, address, userAgent });
    return null;
  });
}

/**
 * Notes that somebody has signed in, and tells their projects.
 * @param method "credentials" or the provider
 * @returns the version that the new session carries, and the account's address
 */
export async function recordLogin(userId: string, method: string): Promise<{ version: number; email: string }> {
  return transaction(async (tx) => {
    const user = await tx.user.update({ where: { id: userId }, data: { lastLoginAt: new Date() } });
    await emitUserEvent(tx, user, { type: "user.login", data: { method } });
    return { version: user.tokenVersion, email: user.email };
  });
}
