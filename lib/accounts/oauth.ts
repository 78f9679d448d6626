import { acceptAllFor, isInvited } from "@/lib/accounts/invitations";
import { decideSignIn, type ExternalPerson } from "@/lib/accounts/oauth-policy";
import { type EventUser, emitUserEvent, providerName } from "@/lib/accounts/user-events";
import type { SignInErrorCode } from "@/lib/contracts/sign-in";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";

/**
 * The provider whose every account has an address that it vouches for. Google and GitHub also let in people with an
 * address that somebody else may hold by now.
 */
const VOUCHES_FOR_ALL = "oidc:";

type Outcome = { userId: string } | { refused: SignInErrorCode };

/**
 * Signs in, links or creates the account of somebody who comes from another provider, by decideSignIn.
 * @param signedIn the user id of the session in the same browser, if any
 */
export async function admit(person: ExternalPerson, signedIn: string | null): Promise<Outcome> {
  const [known, account, invited] = await Promise.all([
    userOf(person),
    findAccount(person.email),
    isInvited(person.email),
  ]);
  const decision = decideSignIn({ emailTrust: person.emailTrust, known, signedIn, account, invited });
  switch (decision.kind) {
    case "refuse":
      return { refused: decision.code };
    case "sign_in":
      return { userId: decision.userId };
    case "link":
      await transaction(async (tx) => {
        const user = await tx.user.findUniqueOrThrow({ where: { id: decision.userId } });
        await link(tx, user, person);
      });
      return { userId: decision.userId };
    case "create":
      return create(person);
  }
}

/** Whose identity this is; null for one that is not linked. */
export async function userOf({ provider, subject }: { provider: string; subject: string }): Promise<string | null> {
  const identity = await db.identity.findUnique({
    where: { provider_subject: { provider, subject } },
    select: { userId: true },
  });
  return identity?.userId ?? null;
}

async function findAccount(email: string) {
  const user = await db.user.findUnique({ where: { email }, include: { identities: { select: { provider: true } } } });
  if (!user) return null;
  const proven =
    user.passwordHash === null &&
    user.identities.length > 0 &&
    user.identities.every(({ provider }) => provider.startsWith(VOUCHES_FOR_ALL));
  return { userId: user.id, proven };
}

async function create(person: ExternalPerson): Promise<Outcome> {
  return transaction(async (tx) => {
    const user = await tx.user.create({ data: { id: newId("user"), email: person.email, name: person.name } });
    const joined = await acceptAllFor(tx, { userId: user.id, email: person.email });
    if (joined === 0) throw new AppError("gone", "The invitation was used or withdrawn a moment ago.");
    await emitUserEvent(tx, user, { type: "user.created" });
    await link(tx, user, person);
    return { userId: user.id };
  });
}

async function link(tx: Tx, user: EventUser, { provider, subject }: ExternalPerson): Promise<void> {
  await tx.identity.create({ data: { id: newId("identity"), userId: user.id, provider, subject } });
  await emitUserEvent(tx, user, { type: "user.oauth_linked", data: { provider: providerName(provider) } });
}
