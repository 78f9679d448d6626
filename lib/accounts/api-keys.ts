import { type Actor, authorise } from "@/lib/accounts/actor";
import { requireAdminPerson } from "@/lib/accounts/admin";
import { hashToken, newToken } from "@/lib/accounts/tokens";
import type { ApiKey as ApiKeyView, ApiKeyWithSecret } from "@/lib/contracts/api-keys";
import { type Scope, scopeSchema } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { ApiKey } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

const KEY_MARK = "dmt_";
const PREFIX_LENGTH = 12;

export async function listApiKeys(actor: Actor): Promise<ApiKeyView[]> {
  authorise(actor, "keys:manage");
  const keys = await db.apiKey.findMany({ where: { projectId: actor.projectId }, orderBy: { id: "desc" } });
  return keys.map(presentApiKey);
}

/**
 * Makes a key; its text is in this answer only.
 * @throws AppError "forbidden" for a scope that the actor lacks.
 */
export async function createApiKey(
  actor: Actor,
  { name, scopes }: { name: string; scopes: readonly Scope[] },
): Promise<ApiKeyWithSecret> {
  authorise(actor, "keys:manage");
  if (scopes.includes("admin")) await requireAdminPerson(actor);
  const excess = scopes.find((scope) => scope !== "admin" && !actor.permissions.has(scope));
  if (excess !== undefined) {
    throw new AppError("forbidden", `You may not give a key the scope "${excess}", which you lack yourself.`);
  }
  const key = KEY_MARK + newToken();
  const stored = await storeApiKey(db, {
    projectId: actor.projectId,
    createdBy: actor.subject.id,
    name,
    scopes: [...new Set(scopes)],
    key,
  });
  return { ...presentApiKey(stored), key };
}

/** Takes effect at once: keys are looked up for each request. Revoking twice changes nothing. */
export async function revokeApiKey(actor: Actor, keyId: string): Promise<void> {
  authorise(actor, "keys:manage");
  const where = { id: keyId, projectId: actor.projectId };
  const { count } = await db.apiKey.updateMany({
    where: { ...where, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  if (count === 0 && !(await db.apiKey.findFirst({ where, select: { id: true } }))) throw notFound("API key");
}

/** Stores a key of whatever form; of a short one that somebody brought, at most a third stays readable. */
export async function storeApiKey(
  tx: Pick<Tx, "apiKey">,
  { key, ...data }: { projectId: string; createdBy: string; name: string; scopes: readonly Scope[]; key: string },
): Promise<ApiKey> {
  return tx.apiKey.create({
    data: {
      ...data,
      id: newId("apiKey"),
      scopes: [...data.scopes],
      prefix: key.slice(0, Math.min(PREFIX_LENGTH, Math.floor(key.length / 3))),
      hash: hashToken(key),
    },
  });
}

/** The scopes of a stored key; one that this version no longer knows allows nothing. */
export function knownScopes(stored: readonly string[]): Scope[] {
  return stored.flatMap((scope) => {
    const known = scopeSchema.safeParse(scope);
    return known.success ? [known.data] : [];
  });
}

function presentApiKey(key: ApiKey): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: knownScopes(key.scopes),
    created_by: key.createdBy,
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}
