import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { createProject } from "@/lib/accounts/projects";
import { SESSION_COOKIE } from "@/lib/accounts/session-token";
import { hashToken, newToken } from "@/lib/accounts/tokens";
import type { Role, Scope } from "@/lib/contracts/permissions";
import type { Problem } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { env, publicOrigin } from "@/lib/env";
import { newId } from "@/lib/ids";

/** For tests: people, projects and keys in the database, and requests as they would send them. */

export type Person = { id: string; email: string; headers: Record<string, string> };

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

/** An account with a signed-in browser. */
export async function createPerson(
  data: { email?: string; passwordHash?: string; isAdmin?: boolean } = {},
): Promise<Person> {
  const id = newId("user");
  const { email } = await db.user.create({
    data: { id, name: "Test Person", email: `${randomUUID()}@example.com`, ...data },
  });
  const token = await encode({ token: { sub: id, version: 0 }, secret: env.NEXTAUTH_SECRET ?? "" });
  return { id, email, headers: { cookie: `${SESSION_COOKIE}=${token}` } };
}

/** A project with one owner and one more member of each role. */
export async function createTeam(): Promise<{ projectId: string } & Record<Role, Person & { memberId: string }>> {
  const [owner, admin, member, viewer] = await Promise.all([
    createPerson(),
    createPerson(),
    createPerson(),
    createPerson(),
  ]);
  const project = await transaction((tx) => createProject(tx, { name: "Team", plan: "premium", ownerId: owner.id }));
  const own = await db.member.findFirstOrThrow({ where: { projectId: project.id } });
  const others = { admin, member, viewer };
  const joined = {
    admin: await join(project.id, others.admin, "admin"),
    member: await join(project.id, others.member, "member"),
    viewer: await join(project.id, others.viewer, "viewer"),
  };
  return { projectId: project.id, owner: { ...owner, memberId: own.id }, ...joined };
}

export async function join(projectId: string, person: Person, role: Role): Promise<Person & { memberId: string }> {
  const { id } = await db.member.create({ data: { id: newId("member"), projectId, userId: person.id, role } });
  return { ...person, memberId: id };
}

/** An API key and the headers that send it. */
export async function createKey(projectId: string, scopes: readonly Scope[]) {
  const key = `dmt_${newToken()}`;
  const { id } = await db.apiKey.create({
    data: {
      id: newId("apiKey"),
      projectId,
      name: "Test key",
      prefix: key.slice(0, 12),
      hash: hashToken(key),
      scopes: [...scopes],
      createdBy: "usr_test",
    },
  });
  return { id, key, headers: { authorization: `Bearer ${key}` } };
}

/** Calls a route handler with a real Request. */
export async function call(
  handler: Handler,
  {
    method,
    params = {},
    body,
    headers = {},
  }: { method: string; params?: Record<string, string>; body?: unknown; headers?: Record<string, string> },
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const request = new Request(`${publicOrigin}/api/v1/test`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers };
}

/** The code of a problem answer. */
export function codeOf({ body }: { body: unknown }): Problem["code"] | undefined {
  return typeof body === "object" && body !== null && "code" in body ? (body as Problem).code : undefined;
}
