import type { Person } from "@/lib/accounts/profile";
import { emitUserEvent, providerName } from "@/lib/accounts/user-events";
import type { SignInMethod } from "@/lib/contracts/profile";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

const NAMES: Readonly<Record<string, string>> = { github: "GitHub", google: "Google", oidc: env.OIDC_NAME };

/** The password first, then what is linked, oldest first. */
export async function listSignInMethods(person: Person): Promise<{ data: SignInMethod[]; next_cursor: null }> {
  const user = await db.user.findUniqueOrThrow({
    where: { id: person.userId },
    include: { identities: { orderBy: { createdAt: "asc" } } },
  });
  const several = user.identities.length + (user.passwordHash === null ? 0 : 1) > 1;
  return {
    data: [
      ...(user.passwordHash === null
        ? []
        : [{ id: null, kind: "password" as const, name: "Password", created_at: null, removable: false }]),
      ...user.identities.map(({ id, provider, createdAt }) => ({
        id,
        kind: "provider" as const,
        name: NAMES[providerName(provider)] ?? provider,
        created_at: createdAt.toISOString(),
        removable: several,
      })),
    ],
    next_cursor: null,
  };
}

/** @throws AppError "not_found"; "conflict" for the last way to sign in */
export async function unlinkSignInMethod(person: Person, identityId: string): Promise<void> {
  await transaction(async (tx) => {
    // Two at once would each find the other's still there.
    await tx.$queryRaw`SELECT id FROM "user" WHERE id = ${person.userId} FOR NO KEY UPDATE`;
    const user = await tx.user.findUniqueOrThrow({ where: { id: person.userId }, include: { identities: true } });
    const identity = user.identities.find(({ id }) => id === identityId);
    if (!identity) throw new AppError("not_found", "You have no such sign-in method.");
    if (user.passwordHash === null && user.identities.length === 1) {
      throw new AppError(
        "conflict",
        "This is your only way to sign in. Set a password or link another provider first.",
      );
    }
    await tx.identity.delete({ where: { id: identityId } });
    await emitUserEvent(tx, user, {
      type: "user.oauth_unlinked",
      data: { provider: providerName(identity.provider) },
    });
  });
}
