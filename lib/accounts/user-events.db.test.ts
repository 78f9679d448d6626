import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { deleteAccount } from "@/lib/accounts/deletion";
import { acceptInvitation, createInvitation } from "@/lib/accounts/invitations";
import { recordLogin } from "@/lib/accounts/login";
import { admit } from "@/lib/accounts/oauth";
import { rename } from "@/lib/accounts/profile";
import { unlinkSignInMethod } from "@/lib/accounts/sign-in-methods";
import { createPerson, join } from "@/lib/accounts/testing";
import { db } from "@/lib/db/client";
import { until, useDeliveries } from "@/lib/queue/testing";
import { createTestWebhook, type TestReceiver } from "@/lib/webhooks/testing";

/** Each event of an account, raised by the operation itself, arrives signed at a receiver. */
describe("events of accounts", () => {
  const { actor, receiver, pump } = useDeliveries();
  const SECRET = `whsec_${Buffer.from("a secret that is long enough....").toString("base64")}`;
  let place: TestReceiver;

  beforeEach(async () => {
    place = await receiver();
    await createTestWebhook(actor(), { url: place.url(), event_types: ["user.*"], secret: SECRET });
    pump();
  });

  /** @returns the data of the next event of the type, whose signature an independent library accepts */
  const arrived = async (type: string): Promise<Record<string, unknown>> => {
    const found = () => place.requests.find(({ headers }) => headers["x-webhook-event"] === type);
    await until(`${type} arrives`, () => found() !== undefined);
    const request = found();
    const headers = Object.fromEntries(
      ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, String(request?.headers[name])]),
    );
    const event = new Webhook(SECRET).verify(request?.body ?? "", headers) as { data: Record<string, unknown> };
    return event.data;
  };
  const member = async () => {
    const person = await createPerson();
    await join(actor().projectId, person, "member");
    return { kind: "user" as const, userId: person.id, email: person.email, isAdmin: false };
  };
  const external = (subject: string, email: string) =>
    ({ provider: "oidc:https://id.example.com", subject, email, emailTrust: "authoritative", name: "Ada" }) as const;

  it("user.created: by an invitation link", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const { link } = await createInvitation(actor(), { email, role: "member" });
    await acceptInvitation(null, { token: link.split("/").at(-1) ?? "", name: "Ada", password: "a good password" });
    expect(await arrived("user.created")).toMatchObject({ email });
  });

  it("user.created and user.oauth_linked: by a provider, for somebody who was invited", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    await createInvitation(actor(), { email, role: "viewer" });
    const outcome = await admit(external(email, email), null);
    expect(await arrived("user.created")).toMatchObject({ email });
    expect(await arrived("user.oauth_linked")).toMatchObject({ ...idOf(outcome), email, provider: "oidc" });
  });

  it("user.login: with the method, and noted with the account", async () => {
    const person = await member();
    await recordLogin(person.userId, "credentials");
    expect(await arrived("user.login")).toEqual({ user_id: person.userId, email: person.email, method: "credentials" });
    const { lastLoginAt } = await db.user.findUniqueOrThrow({ where: { id: person.userId } });
    expect(lastLoginAt).not.toBeNull();
  });

  it("user.updated: with what changed", async () => {
    const person = await member();
    await rename(person, "Grace Hopper");
    expect(await arrived("user.updated")).toMatchObject({ user_id: person.userId, changed: ["name"] });
  });

  it("user.oauth_linked and user.oauth_unlinked: by somebody who is signed in", async () => {
    const person = await member();
    await db.user.update({ where: { id: person.userId }, data: { passwordHash: "x" } });
    await admit(external(crypto.randomUUID(), person.email), person.userId);
    expect(await arrived("user.oauth_linked")).toMatchObject({ user_id: person.userId, provider: "oidc" });
    const identity = await db.identity.findFirstOrThrow({ where: { userId: person.userId } });
    await unlinkSignInMethod(person, identity.id);
    expect(await arrived("user.oauth_unlinked")).toMatchObject({ user_id: person.userId, provider: "oidc" });
  });

  it("user.deleted: to the projects that stay", async () => {
    const owner = await createPerson();
    await join(actor().projectId, owner, "owner");
    const person = await member();
    await deleteAccount(person, { email: person.email }, "127.0.0.1");
    expect(await arrived("user.deleted")).toEqual({ user_id: person.userId, email: person.email });
  });

  it("are not stored when the change is not: nobody is told of what did not happen", async () => {
    const person = await member();
    await admit(external("taken", person.email), person.userId);
    await expect(recordLogin("usr_nobody", "credentials")).rejects.toThrow();
    expect(await db.event.count({ where: { projectId: actor().projectId, type: "user.login" } })).toBe(0);
  });
});

function idOf(outcome: Awaited<ReturnType<typeof admit>>): { user_id: string } {
  if ("refused" in outcome) throw new Error(outcome.refused);
  return { user_id: outcome.userId };
}
