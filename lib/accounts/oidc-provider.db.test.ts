import Provider from "oidc-provider";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { authenticate } from "@/lib/accounts/authenticate";
import { createInvitation } from "@/lib/accounts/invitations";
import { hashPassword } from "@/lib/accounts/password";
import { resolveActor } from "@/lib/accounts/resolve-actor";
import { listSignInMethods, unlinkSignInMethod } from "@/lib/accounts/sign-in-methods";
import { createPerson, createTeam, join } from "@/lib/accounts/testing";
import { consoleAt, csrfToken, nextAuthOn } from "@/lib/accounts/testing-next-auth";
import { Browser } from "@/lib/accounts/testing-oidc";
import { db } from "@/lib/db/client";

/** The whole way against an OpenID provider that others wrote and certified, with its own log-in and consent pages. */

// Both servers listen before lib/env is loaded, which has to know their ports.
const { app, idp, origin, issuer } = await vi.hoisted(async () => {
  const { listenForSignIn } = await import("@/lib/accounts/testing-sign-in-servers");
  return listenForSignIn(process.env, "a-client-secret-of-some-length");
});

const PASSWORD = "correct horse battery";

/** Log-in name → what the provider tells of whoever signs in with it. */
const people = new Map<string, { name: string; email: string; email_verified: boolean }>();

beforeAll(() => {
  vi.spyOn(console, "info").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "dumont",
        client_secret: "a-client-secret-of-some-length",
        redirect_uris: [`${origin}/api/auth/callback/oidc`],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
    pkce: { required: () => true },
    cookies: { keys: ["a key for cookies of this test"] },
    features: { devInteractions: { enabled: true } },
  });
  idp.on("request", provider.callback());
  app.on("request", nextAuthOn(origin));
});

afterAll(() => {
  for (const server of [app, idp]) {
    server.closeAllConnections();
    server.close();
  }
});

/** Presses the button, logs in on the provider's page and consents. @returns where the console leads in the end */
async function signIn(browser: Browser, login: string): Promise<string> {
  const started = await browser.send(`${origin}/api/auth/signin/oidc`, {
    csrfToken: await csrfToken(browser, origin),
    callbackUrl: `${origin}/app`,
  });
  let response = await follow(browser, started);
  for (const form of [{ prompt: "login", login, password: "any" }, { prompt: "consent" }]) {
    if (!response.url.startsWith(`${issuer}/interaction/`)) break;
    response = await follow(browser, await browser.send(response.url, form));
  }
  return response.url.slice(origin.length);
}

/** Goes where redirects lead, until a page of the console or one that wants to be filled in. */
async function follow(browser: Browser, response: Response): Promise<{ url: string }> {
  let at = response;
  let { url } = at;
  for (let step = 0; step < 20; step += 1) {
    const location = at.headers.get("location");
    if (location === null) return { url };
    url = new URL(location, url).href;
    if (url.startsWith(origin) && !url.startsWith(`${origin}/api/auth/`)) return { url };
    at = await browser.send(url);
  }
  throw new Error(`Redirected in circles, at last to ${url}`);
}

async function userOf(browser: Browser): Promise<string | null> {
  const request = new Request(`${origin}/api/v1/me`, { headers: { cookie: browser.cookies(origin) } });
  const principal = await authenticate(request);
  return principal?.kind === "user" ? principal.userId : null;
}

async function eventTypes(projectId: string): Promise<string[]> {
  const rows = await db.event.findMany({ where: { projectId }, orderBy: { id: "asc" }, select: { type: true } });
  return rows.map(({ type }) => type);
}

test("somebody who was invited signs in with it, and comes back as the same account", async () => {
  const { projectId, owner } = await createTeam();
  people.set("grace", { name: "Grace Hopper", email: "grace@example.com", email_verified: true });
  expect(await signIn(new Browser(), "grace")).toBe("/login?error=NoInvitation");

  const actor = await resolveActor({ kind: "user", userId: owner.id, email: owner.email, isAdmin: false }, projectId);
  await createInvitation(actor, { email: "grace@example.com", role: "viewer" });
  const browser = new Browser();
  expect(await signIn(browser, "grace")).toBe("/app");
  const user = await db.user.findUniqueOrThrow({
    where: { email: "grace@example.com" },
    include: { memberships: true },
  });
  expect(user).toMatchObject({ name: "Grace Hopper", memberships: [{ projectId, role: "viewer" }] });
  expect(await userOf(browser)).toBe(user.id);
  const later = new Browser();
  expect(await signIn(later, "grace")).toBe("/app");
  expect(await userOf(later)).toBe(user.id);
  expect(await eventTypes(projectId)).toEqual(["user.created", "user.oauth_linked", "user.login", "user.login"]);
});

test("an account with a password links it once signed in, signs in with it, and unlinks it again", async () => {
  const { projectId } = await createTeam();
  const person = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
  await join(projectId, person, "member");
  people.set("ada", { name: "Ada", email: person.email, email_verified: true });
  expect(await signIn(new Browser(), "ada")).toBe("/login?error=SignInFirst");

  const browser = new Browser();
  await consoleAt(origin).logIn(browser, person.email, PASSWORD);
  expect(await signIn(browser, "ada")).toBe("/app");
  const elsewhere = new Browser();
  expect(await signIn(elsewhere, "ada")).toBe("/app");
  expect(await userOf(elsewhere)).toBe(person.id);

  const principal = { kind: "user", userId: person.id, email: person.email, isAdmin: false } as const;
  const { data: methods } = await listSignInMethods(principal);
  const linked = methods.find(({ kind }) => kind === "provider");
  await unlinkSignInMethod(principal, linked?.id ?? "");
  expect(await signIn(new Browser(), "ada")).toBe("/login?error=SignInFirst");
  expect(await eventTypes(projectId)).toEqual([
    "user.login",
    "user.oauth_linked",
    "user.login",
    "user.login",
    "user.oauth_unlinked",
  ]);
});

test("an address that the provider has not confirmed lets nobody in", async () => {
  const { projectId, owner } = await createTeam();
  const actor = await resolveActor({ kind: "user", userId: owner.id, email: owner.email, isAdmin: false }, projectId);
  await createInvitation(actor, { email: "eve@example.com", role: "viewer" });
  people.set("eve", { name: "Eve", email: "eve@example.com", email_verified: false });
  const browser = new Browser();
  expect(await signIn(browser, "eve")).toBe("/login?error=EmailNotVerified");
  expect(await userOf(browser)).toBeNull();
});

test("who turns back at the provider is led to the log-in page", async () => {
  const browser = new Browser();
  const started = await browser.send(`${origin}/api/auth/signin/oidc`, {
    csrfToken: await csrfToken(browser, origin),
    callbackUrl: `${origin}/app`,
  });
  const { url } = await follow(browser, started);
  const { url: back } = await follow(browser, await browser.send(`${url}/abort`));
  expect(back.slice(origin.length)).toMatch(/^\/login\?.*error=/);
  expect(await userOf(browser)).toBeNull();
});
