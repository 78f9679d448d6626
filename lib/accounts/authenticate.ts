import type { Principal } from "@/lib/accounts/actor";
import { knownScopes } from "@/lib/accounts/api-keys";
import { readSession, sessionTokenOf } from "@/lib/accounts/session-token";
import { hashToken } from "@/lib/accounts/tokens";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/** How precisely the last use of a key is known; a write for each request would cost more than it tells. */
const LAST_USED_STEP_MS = 60_000;

/**
 * Who sent a request: an API key if it carries a Bearer header, otherwise the person of the session cookie. A key that
 * is wrong never falls back to the cookie, which would act as somebody the caller did not name. Other schemes of
 * Authorization belong to proxies in front of the console and are passed over.
 * @returns null when the request carries neither
 * @throws AppError "unauthenticated" for a Bearer key that is unknown or revoked.
 */
export async function authenticate(request: Request): Promise<Principal | null> {
  const bearer = /^bearer(?:\s+(.*))?$/i.exec(request.headers.get("authorization") ?? "");
  if (bearer) return authenticateKey(bearer[1] ?? "");
  const session = await readSession(sessionTokenOf(request.headers));
  if (!session) return null;
  const { id: userId, email, isAdmin } = session.user;
  return { kind: "user", userId, email, isAdmin };
}

async function authenticateKey(key: string): Promise<Principal> {
  const found = await db.apiKey.findUnique({ where: { hash: hashToken(key) } });
  if (!found) throw new AppError("unauthenticated", "This API key is not valid. Check that it was copied in full.");
  if (found.revokedAt) throw new AppError("unauthenticated", "This API key was revoked. Create another one.");
  noteUse(found);
  return { kind: "api_key", keyId: found.id, projectId: found.projectId, scopes: knownScopes(found.scopes) };
}

/** Not awaited, so that it delays no request. Of requests at the same moment the first writes, by the condition. */
function noteUse({ id, lastUsedAt }: { id: string; lastUsedAt: Date | null }): void {
  const now = Date.now();
  const due = new Date(now - LAST_USED_STEP_MS);
  if (lastUsedAt && lastUsedAt > due) return;
  db.apiKey
    .updateMany({
      where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: due } }] },
      data: { lastUsedAt: new Date(now) },
    })
    .catch((err: unknown) => log.warn({ err, api_key: id }, "the last use of an API key could not be noted"));
}
