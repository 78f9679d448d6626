import { deleteAccount } from "@/lib/accounts/deletion";
import { acceptInvitation, createInvitation } from "@/lib/accounts/invitations";
import { hashPassword } from "@/lib/accounts/password";
import { rename } from "@/lib/accounts/profile";
import { listSignInMethods, unlinkSignInMethod } from "@/lib/accounts/sign-in-methods";
import { createPerson, join } from "@/lib/accounts/testing";
import { Browser } from "@/lib/accounts/testing-oidc";
import type { Proofs, Stage } from "@/lib/proof/proof";

const PASSWORD = "correct horse battery";

/** What raises the events of accounts: each goes to the projects of which the person is a member. */
export const ACCOUNT_PROOFS: Proofs<"user"> = {
  "user.created": {
    operation: "somebody who was invited opens an account, with a password or through a provider",
    raise: async ({ actor }) => {
      const email = `${crypto.randomUUID()}@example.com`;
      const { link } = await createInvitation(actor, { email, role: "member" });
      await acceptInvitation(null, { token: link.split("/").at(-1) ?? "", name: "Ada", password: PASSWORD });
      return { email };
    },
  },
  "user.login": {
    operation: "somebody signs in, with a password or through a provider",
    raise: async (stage) => {
      const { userId, email } = await joinWithPassword(stage);
      await stage.console.logIn(new Browser(), email, PASSWORD);
      return { user_id: userId, email, method: "credentials" };
    },
  },
  "user.updated": {
    operation: "somebody changes their name or their address",
    raise: async (stage) => {
      const person = await joinWithPassword(stage);
      await rename(person, "Grace Hopper");
      return { user_id: person.userId, changed: ["name"] };
    },
  },
  "user.deleted": {
    operation: "somebody deletes their account",
    raise: async (stage) => {
      const person = await joinWithPassword(stage);
      await join(stage.actor.projectId, await createPerson(), "owner");
      await deleteAccount(person, { email: person.email, current_password: PASSWORD }, "127.0.0.1");
      return { user_id: person.userId, email: person.email };
    },
  },
  "user.oauth_linked": {
    operation: "somebody signs in through a provider for the first time, or adds one to their account",
    raise: async (stage) => {
      const { userId } = await linkProvider(stage);
      return { user_id: userId, provider: "oidc" };
    },
  },
  "user.oauth_unlinked": {
    operation: "somebody removes a provider from their account",
    raise: async (stage) => {
      const person = await linkProvider(stage);
      const { data } = await listSignInMethods(person);
      await unlinkSignInMethod(person, data.find(({ kind }) => kind === "provider")?.id ?? "");
      return { user_id: person.userId, provider: "oidc" };
    },
  },
};

async function joinWithPassword({ actor }: Stage) {
  const { id, email } = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
  await join(actor.projectId, { id, email, headers: {} }, "member");
  return { kind: "user" as const, userId: id, email, isAdmin: false };
}

/** In the browser: signs in with the password, then presses the provider's button. */
async function linkProvider(stage: Stage) {
  const person = await joinWithPassword(stage);
  const browser = new Browser();
  await stage.console.logIn(browser, person.email, PASSWORD);
  stage.provider.person = { sub: person.userId, email: person.email, email_verified: true };
  await stage.console.signInThroughProvider(browser);
  return person;
}
