import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { authenticate } from "@/lib/accounts/authenticate";
import { createInvitation } from "@/lib/accounts/invitations";
import { FREE_FAILURES } from "@/lib/accounts/login-limit";
import { hashPassword } from "@/lib/accounts/password";
import { resolveActor } from "@/lib/accounts/resolve-actor";
import { createPerson, createTeam } from "@/lib/accounts/testing";
import { consoleAt, nextAuthOn } from "@/lib/accounts/testing-next-auth";
import { Browser, serveOidc } from "@/lib/accounts/testing-oidc";
import { signInErrorMessage } from "@/lib/contracts/sign-in";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";

// Both servers listen before lib/env is loaded, which has to know their ports.
const { app, idp, origin, issuer } = await vi.hoisted(async () => {
  const { listenForSignIn } = await import("@/lib/accounts/testing-sign-in-servers");
  return listenForSignIn(process.env, "client-secret");
});

const PASSWORD = "correct horse battery";
const provider = serveOidc(idp, issuer);
const { logIn, signInThroughProvider, finalPath } = consoleAt(origin);
let count = 0;

beforeAll(() => {
  app.on("request", nextAuthOn(origin));
});

beforeEach(async () => {
  provider.userinfo = null;
  await db.rateLimit.deleteMany();
});

afterAll(() => {
  for (const server of [app, idp]) {
    server.closeAllConnections();
    server.close();
  }
});

async function sessionOf(browser: Browser): Promise<unknown> {
  return (await browser.send(`${origin}/api/auth/session`)).json();
}

function principalOf(browser: Browser) {
  return authenticate(new Request(`${origin}/api/v1/me`, { headers: { cookie: browser.cookies(origin) } }));
}

function newAddress(): string {
  count += 1;
  return `person${count}@example.com`;
}

async function invite(email: string): Promise<string> {
  const { projectId, owner } = await createTeam();
  const actor = await resolveActor({ kind: "user", userId: owner.id, email: owner.email, isAdmin: false }, projectId);
  await createInvitation(actor, { email, role: "member" });
  return projectId;
}

describe("e-mail and password", () => {
  test("give a session that ends everywhere with the account's token version", async () => {
    const person = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
    const browser = new Browser();
    expect(await principalOf(browser)).toBeNull();
    const answer = await logIn(browser, person.email, PASSWORD);
    expect(await finalPath(browser, answer)).toBe("/");
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith("next-auth.session-token="));
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);

    expect(await sessionOf(browser)).toMatchObject({
      user: { id: person.id, email: person.email, name: "Test Person" },
    });
    expect(await principalOf(browser)).toEqual({
      kind: "user",
      userId: person.id,
      email: person.email,
      isAdmin: false,
    });

    await db.user.update({ where: { id: person.id }, data: { tokenVersion: { increment: 1 } } });
    expect(await principalOf(browser)).toBeNull();
    expect(await sessionOf(browser)).toEqual({});

    await logIn(browser, person.email, PASSWORD);
    expect(await principalOf(browser)).toMatchObject({ userId: person.id });
    await db.user.delete({ where: { id: person.id } });
    expect(await principalOf(browser)).toBeNull();
  });

  test("are noted in the audit log, right or wrong", async () => {
    const person = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
    const browser = new Browser();
    await logIn(browser, person.email, "wrong horse battery");
    await logIn(browser, person.email, PASSWORD);
    const entries = () => db.auditEntry.findMany({ where: { actorId: person.id }, orderBy: { outcome: "asc" } });
    await vi.waitFor(async () => expect(await entries()).toHaveLength(2));
    const shared = {
      projectId: null,
      actorName: person.email,
      action: "signIn",
      details: { method: "credentials" },
    };
    expect(await entries()).toMatchObject([
      { ...shared, outcome: "done", code: null },
      { ...shared, outcome: "refused", code: "wrong_password" },
    ]);
  });

  test("that are wrong lead back to the log-in page, and after too many with the time to wait", async () => {
    const person = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
    const browser = new Browser();
    for (let index = 0; index <= FREE_FAILURES.account; index += 1) {
      const path = await finalPath(browser, await logIn(browser, person.email, "wrong horse battery"));
      expect(new URL(path, origin).searchParams.get("error")).toBe("CredentialsSignin");
    }
    const path = await finalPath(browser, await logIn(browser, person.email, PASSWORD));
    const error = new URL(path, origin).searchParams.get("error");
    expect(signInErrorMessage(error)).toMatch(/^Too many attempts, try again in \d+ s\.$/);
    expect(await principalOf(browser)).toBeNull();
  });

  test("are not taken from another site's form", async () => {
    const person = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
    const browser = new Browser();
    await browser.send(`${origin}/api/auth/callback/credentials`, { email: person.email, password: PASSWORD });
    expect(await principalOf(browser)).toBeNull();
  });

  test("a forged or foreign cookie is nobody", async () => {
    for (const token of ["x", "a.b.c.d.e", ""]) {
      const headers = { cookie: `next-auth.session-token=${token}` };
      expect(await authenticate(new Request(`${origin}/api/v1/me`, { headers }))).toBeNull();
    }
  });
});

describe("an OpenID Connect provider", () => {
  test("lets in nobody who is not invited, nor an address that it does not confirm", async () => {
    const email = newAddress();
    provider.person = { sub: "stranger", email, email_verified: true };
    expect(await signInThroughProvider(new Browser())).toBe("/login?error=NoInvitation");
    await invite(email);
    for (const email_verified of [false, undefined]) {
      provider.person = { sub: "stranger", email, email_verified };
      expect(await signInThroughProvider(new Browser())).toBe("/login?error=EmailNotVerified");
    }
    expect(await db.user.count({ where: { email } })).toBe(0);
  });

  test("gives somebody who is invited an account, and the same one the next time", async () => {
    const email = newAddress();
    const projectId = await invite(email);
    provider.person = { sub: "grace", name: "Grace", email: email.toUpperCase(), email_verified: true };
    const browser = new Browser();
    expect(await signInThroughProvider(browser)).toBe("/app");
    const user = await db.user.findUniqueOrThrow({
      where: { email },
      include: { memberships: true, identities: true },
    });
    expect(user).toMatchObject({ name: "Grace", passwordHash: null });
    expect(user.memberships).toMatchObject([{ projectId, role: "member" }]);
    expect(user.identities).toMatchObject([{ provider: `oidc:${issuer}`, subject: "grace" }]);
    expect(await db.invitation.count({ where: { email, acceptedAt: null } })).toBe(0);
    expect(await principalOf(browser)).toMatchObject({ userId: user.id });

    provider.person = { sub: "grace", email: "renamed@example.com", email_verified: false };
    const later = new Browser();
    expect(await signInThroughProvider(later)).toBe("/app");
    expect(await principalOf(later)).toMatchObject({ userId: user.id, email });
  });

  test("does not lead into an account with a password until its holder has signed in", async () => {
    const person = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
    provider.person = { sub: "holder", email: person.email, email_verified: true };
    const browser = new Browser();
    expect(await signInThroughProvider(browser)).toBe("/login?error=SignInFirst");
    expect(await principalOf(browser)).toBeNull();
    expect(await db.identity.count({ where: { userId: person.id } })).toBe(0);

    await logIn(browser, person.email, PASSWORD);
    expect(await signInThroughProvider(browser)).toBe("/app");
    const elsewhere = new Browser();
    expect(await signInThroughProvider(elsewhere)).toBe("/app");
    expect(await principalOf(elsewhere)).toMatchObject({ userId: person.id });

    const other = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
    const others = new Browser();
    await logIn(others, other.email, PASSWORD);
    expect(await signInThroughProvider(others)).toBe("/login?error=IdentityInUse");
    expect(await principalOf(others)).toMatchObject({ userId: other.id });
  });

  test.each([
    ["oidc:https://old.example", "/app"],
    ["google", "/login?error=SignInFirst"],
    ["github", "/login?error=SignInFirst"],
  ])("and an account without a password that %s leads into: %s", async (former, path) => {
    const person = await createPerson();
    await db.identity.create({
      data: { id: newId("identity"), userId: person.id, provider: former, subject: person.id },
    });
    provider.person = { sub: `new-${person.id}`, email: person.email, email_verified: true };
    expect(await signInThroughProvider(new Browser())).toBe(path);
  });

  test("is believed only in the browser that asked, and only about the person it names", async () => {
    const email = newAddress();
    await invite(email);
    provider.person = { sub: "someone", email, email_verified: true };
    const victim = new Browser();
    expect(await signInThroughProvider(new Browser(), victim)).toMatch(/^\/login\?.*error=OAuthCallback/);
    expect(await principalOf(victim)).toBeNull();

    provider.person = { sub: "eve" };
    provider.userinfo = { sub: "someone", email, email_verified: true };
    expect(await signInThroughProvider(new Browser())).toMatch(/^\/login\?.*error=OAuthCallback/);
    expect(await db.user.count({ where: { email } })).toBe(0);
  });
});
