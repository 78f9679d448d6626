import { decode } from "next-auth/jwt";
import { db } from "@/lib/db/client";
import { env, publicOrigin } from "@/lib/env";

/** Whether people reach the console over https, so that cookies must never travel without it. */
export const secureCookies = publicOrigin.startsWith("https:");

/** `__Host-`: set by this very host over https, so that no neighbour under the same domain can plant a session. */
export const SESSION_COOKIE = secureCookies ? "__Host-next-auth.session-token" : "next-auth.session-token";

/** Seconds: 30 days. */
export const SESSION_MAX_AGE = 30 * 24 * 3600;

export type SessionUser = { id: string; email: string; name: string };

/** With whether they run the installation, which is read anew with each request. */
export type SignedInUser = SessionUser & { isAdmin: boolean };

/**
 * The person behind a session token, read from the database each time: a deleted account or a raised tokenVersion
 * ends every session at once.
 * @returns null for a token that is absent, forged, expired or revoked
 */
export async function readSession(token: string | undefined): Promise<{ user: SignedInUser; version: number } | null> {
  if (!token || !env.NEXTAUTH_SECRET) return null;
  const claims = await decode({ token, secret: env.NEXTAUTH_SECRET }).catch(() => null);
  if (typeof claims?.sub !== "string") return null;
  const found = await db.user.findUnique({
    where: { id: claims.sub },
    select: { id: true, email: true, name: true, isAdmin: true, tokenVersion: true },
  });
  if (!found || found.tokenVersion !== claims.version) return null;
  const { tokenVersion: version, ...user } = found;
  return { user, version };
}

/** The session token in a Cookie header. It is never long enough for next-auth to cut it into several cookies. */
export function sessionTokenOf(headers: Headers): string | undefined {
  const pair = headers
    .get("cookie")
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${SESSION_COOKIE}=`));
  return pair?.slice(SESSION_COOKIE.length + 1);
}
