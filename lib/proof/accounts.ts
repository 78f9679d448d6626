import { deleteAccount } from "@/lib/accounts/deletion";
import { acceptInvitation, createInvitation } from "@/lib/accounts/invitations";
import { hashPassword } from "@/lib/accounts/password";
import { changeEmail, rename } from "@/lib/accounts/profile";
import { listSignInMethods, unlinkSignInMethod } from "@/lib/accounts/sign-in-methods";
import { createPerson, join } from "@/lib/accounts/testing";
import { Browser } from "@/lib/accounts/testing-oidc";
import type { Proof, Stage } from "@/lib/proof/proof";

const PASSWORD = "correct horse battery";

/** What raises the events of accounts: each goes to the projects of which the person is a member. */
export const ACCOUNT_PROOFS: readonly Proof[] = [
  {
    type: "user.created",
    operation: "somebody who was invited opens an account with a password",
    raise: async ({ actor }) => {
      const email = `${crypto.randomUUID()}@example.com`;
      const { link } = await createInvitation(actor, { email, role: "member" });
      await acceptInvitation(null, { token: link.split("/").at(-1) ?? "", name: "Ada", password: PASSWORD });
      return { email };
    },
  },
  {
    type: "user.created",
    operation: "somebody who was invited signs in through a provider for the first time",
    raise: async (stage) => {
      const email = await signInAsInvited(stage);
      return { email };
    },
  },
  {
    type: "user.login",
    operation: "somebody signs in with a password",
    raise: async (stage) => {
      const { userId, email } = await joinWithPassword(stage);
      await stage.console.logIn(new Browser(), email, PASSWORD);
      return { user_id: userId, email, method: "credentials" };
    },
  },
  {
    type: "user.login",
    operation: "somebody signs in through a provider",
    raise: async (stage) => {
      const email = await signInAsInvited(stage);
      return { email, method: "oidc" };
    },
  },
  {
    type: "user.updated",
    operation: "somebody changes their name",
    raise: async (stage) => {
      const person = await joinWithPassword(stage);
      await rename(person, "Grace Hopper");
      return { user_id: person.userId, changed: ["name"] };
    },
  },
  {
    type: "user.updated",
    operation: "somebody changes their address",
    raise: async (stage) => {
      const person = await joinWithPassword(stage);
      const email = `${crypto.randomUUID()}@example.com`;
      await changeEmail(person, { email, current_password: PASSWORD }, "127.0.0.1");
      return { user_id: person.userId, email, changed: ["email"], previous_email: person.email };
    },
  },
  {
    type: "user.deleted",
    operation: "somebody deletes their account",
    raise: async (stage) => {
      const person = await joinWithPassword(stage);
      await join(stage.actor.projectId, await createPerson(), "owner");
      await deleteAccount(person, { email: person.email, current_password: PASSWORD }, "127.0.0.1");
      return { user_id: person.userId, email: person.email };
    },
  },
  {
    type: "user.oauth_linked",
    operation: "somebody adds a provider to their account",
    raise: async (stage) => {
      const { userId } = await linkProvider(stage);
      return { user_id: userId, provider: "oidc" };
    },
  },
  {
    type: "user.oauth_linked",
    operation: "somebody who was invited signs in through a provider for the first time",
    raise: async (stage) => {
      const email = await signInAsInvited(stage);
      return { email, provider: "oidc" };
    },
  },
  {
    type: "user.oauth_unlinked",
    operation: "somebody removes a provider from their account",
    raise: async (stage) => {
      const person = await linkProvider(stage);
      const { data } = await listSignInMethods(person);
      await unlinkSignInMethod(person, data.find(({ kind }) => kind === "provider")?.id ?? "");
      return { user_id: person.userId, provider: "oidc" };
    },
  },
];

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

/** @returns the address of somebody who had no account, was invited and came through the provider */
async function signInAsInvited({ actor, console, provider }: Stage): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`;
  await createInvitation(actor, { email, role: "member" });
  provider.person = { sub: email, name: "Grace", email, email_verified: true };
  await console.signInThroughProvider(new Browser());
  return email;
}
