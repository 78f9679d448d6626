import { beforeEach, describe, expect, test, vi } from "vitest";
import * as installation from "@/app/api/v1/admin/audit-log/route";
import * as auditLog from "@/app/api/v1/projects/[project_id]/audit-log/route";
import { NOTED_FAILURES, noteFailedLogin } from "@/lib/accounts/failed-login";
import { logIn } from "@/lib/accounts/login";
import { hashPassword } from "@/lib/accounts/password";
import { createPerson, createTeam } from "@/lib/accounts/testing";
import type { AuditEntry } from "@/lib/contracts/audit-log";
import { db } from "@/lib/db/client";

const PASSWORD = "correct horse battery";
const WRONG = "wrong horse battery";

beforeEach(async () => {
  await db.rateLimit.deleteMany();
});

const entriesOf = (actorId: string | null) =>
  db.auditEntry.findMany({ where: { actorId, action: "signIn" }, orderBy: { id: "asc" } });

describe("a failed sign-in", () => {
  test("is noted of the account that was addressed, for whoever runs the installation, without the password", async () => {
    const team = await createTeam();
    await db.user.update({ where: { id: team.owner.id }, data: { passwordHash: await hashPassword(PASSWORD) } });
    const credentials = { email: team.owner.email, password: WRONG };
    expect(await logIn(credentials, "203.0.113.9", "curl/8.9")).toBeNull();
    await vi.waitFor(async () => expect(await entriesOf(team.owner.id)).toHaveLength(1));
    const root = await createPerson({ isAdmin: true });
    const read = async (handler: typeof installation.GET, headers: Record<string, string>) => {
      const response = await handler(
        new Request(`http://localhost:3000/api/v1/x?actor_id=${team.owner.id}`, { headers }),
        { params: Promise.resolve({ project_id: team.projectId }) },
      );
      return ((await response.json()) as { data: AuditEntry[] }).data;
    };
    const [entry, ...more] = await read(installation.GET, root.headers);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      project_id: null,
      actor: { kind: "user", id: team.owner.id, name: team.owner.email },
      action: "signIn",
      outcome: "refused",
      code: "wrong_password",
      details: { method: "credentials" },
      address: "203.0.113.9",
      user_agent: "curl/8.9",
    });
    expect(JSON.stringify(entry)).not.toContain("horse");
    expect(await read(auditLog.GET, team.owner.headers), "it belongs to no project").toEqual([]);
    expect(await logIn({ ...credentials, password: PASSWORD }, "203.0.113.9")).not.toBeNull();
    expect(await entriesOf(team.owner.id), "this one did not fail").toHaveLength(1);
  });

  test("of an account without a password says so; of an address without an account nothing is kept of it", async () => {
    const without = await createPerson();
    expect(await logIn({ email: without.email, password: WRONG }, "203.0.113.9")).toBeNull();
    await vi.waitFor(async () => expect(await entriesOf(without.id)).toMatchObject([{ code: "no_password" }]));
    expect(await logIn({ email: "hunter2@example.com", password: WRONG }, "x".repeat(10_000))).toBeNull();
    await vi.waitFor(async () => expect(await entriesOf(null)).toHaveLength(1));
    const [entry] = await entriesOf(null);
    expect(entry).toMatchObject({ actorKind: "anonymous", actorName: "", code: "unknown_account" });
    expect(entry?.address).toHaveLength(100);
    expect(JSON.stringify(entry)).not.toContain("hunter2");
  });

  test("is noted so often a day, however many are made at once, and the last one says so", async () => {
    const [one, other] = [await createPerson(), await createPerson()];
    const user = (person: typeof one) => ({ id: person.id, email: person.email, passwordHash: "x" });
    const from = { address: "203.0.113.9", userAgent: null };
    const tries = Array.from({ length: NOTED_FAILURES.account + 20 });
    await Promise.all(tries.map(() => noteFailedLogin({ user: user(one), ...from })));
    const entries = await entriesOf(one.id);
    expect(entries).toHaveLength(NOTED_FAILURES.account);
    const noted = entries.filter(({ details }) => JSON.stringify(details).includes("not noted for up to a day"));
    expect(noted).toHaveLength(1);
    await noteFailedLogin({ user: user(other), ...from });
    expect(await entriesOf(other.id), "others are noted all the same").toHaveLength(1);
    // What unknown addresses use up takes nothing from accounts.
    await db.rateLimit.updateMany({
      where: { key: { startsWith: "noted-failures-accounts" } },
      data: { points: NOTED_FAILURES.accounts },
    });
    await noteFailedLogin({ user: user(other), ...from });
    expect(await entriesOf(other.id)).toHaveLength(1);
    const before = (await entriesOf(null)).length;
    await noteFailedLogin({ user: null, ...from });
    expect(await entriesOf(null)).toHaveLength(before + 1);
  });
});
