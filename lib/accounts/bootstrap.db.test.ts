import { beforeEach, expect, test } from "vitest";
import { authenticate } from "@/lib/accounts/authenticate";
import { bootstrap } from "@/lib/accounts/bootstrap";
import { logIn } from "@/lib/accounts/login";
import { hashPassword } from "@/lib/accounts/password";
import { getProject } from "@/lib/accounts/projects";
import { resolveActor } from "@/lib/accounts/resolve-actor";
import { createFirstOwner, isSetUp, setUp } from "@/lib/accounts/setup";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { parseEnv } from "@/lib/env";

const BODY = { name: "Ada", email: "ada@example.com", password: "a long password", project_name: "Lab" };

beforeEach(async () => {
  await db.project.deleteMany();
  await db.user.deleteMany();
});

const KEY = "a-key-of-16-char";
const settings = parseEnv({
  DUMONT_BOOTSTRAP_EMAIL: "Root@Example.com",
  DUMONT_BOOTSTRAP_PASSWORD: "eight888",
  DUMONT_BOOTSTRAP_API_KEY: KEY,
});

test("makes owner, project and key on an empty database and leaves any other alone", async () => {
  expect(await bootstrap(settings)).toEqual({ created: true });
  expect(await logIn({ email: "root@example.com", password: "eight888" }, "192.0.2.1")).not.toBeNull();
  const headers = { authorization: `Bearer ${KEY}` };
  const principal = await authenticate(new Request("http://localhost:3000/", { headers }));
  if (!principal) throw new Error("The key did not work.");
  const project = await getProject(await resolveActor(principal, "default"));
  expect(project).toMatchObject({ name: "default", plan: "premium" });
  expect(project.permissions.sort()).toEqual([...ALL_PERMISSIONS].sort());
  expect(await db.user.findMany()).toMatchObject([{ isAdmin: true }]);
  const stored = await db.apiKey.findFirstOrThrow();
  expect(stored.scopes).toContain("admin");
  expect(JSON.stringify(stored)).not.toContain(KEY.slice(6));

  const before = [await db.user.findMany(), await db.project.findMany(), await db.apiKey.count()];
  expect(await bootstrap(settings)).toEqual({ created: false });
  expect(await bootstrap({ ...settings, DUMONT_BOOTSTRAP_EMAIL: "other@example.com" })).toEqual({ created: false });
  expect([await db.user.findMany(), await db.project.findMany(), await db.apiKey.count()]).toEqual(before);
});

test("one of many that find the database empty at the same moment makes the first owner", async () => {
  const passwordHash = await hashPassword("a long password");
  const attempts = Array.from({ length: 8 }, (_, index) =>
    transaction((tx) =>
      createFirstOwner(tx, { name: "Ada", email: `owner${index}@example.com`, passwordHash, projectName: "Lab" }),
    ),
  );
  expect((await Promise.all(attempts)).filter((created) => created !== null)).toHaveLength(1);
  expect([await db.user.count(), await db.project.count(), await db.member.count()]).toEqual([1, 1, 1]);
});

test("happens once when several processes start together, beside somebody at the set-up page", async () => {
  const page = setUp({ ...BODY, demo: false }).then(
    () => ({ created: true }),
    () => ({ created: false }),
  );
  const starts = await Promise.all([page, ...Array.from({ length: 6 }, () => bootstrap(settings))]);
  const winners = starts.filter(({ created }) => created).length;
  expect(winners).toBe(1);
  expect([await db.user.count(), await db.project.count()]).toEqual([1, 1]);
});

test("needs no key, but e-mail and password together", async () => {
  const { DUMONT_BOOTSTRAP_API_KEY: _key, ...keyless } = settings;
  for (const part of ["DUMONT_BOOTSTRAP_EMAIL", "DUMONT_BOOTSTRAP_PASSWORD"] as const) {
    const { [part]: _missing, ...rest } = settings;
    expect(await bootstrap(rest)).toEqual({ created: false });
  }
  expect(await bootstrap(parseEnv({}))).toEqual({ created: false });
  expect(await isSetUp()).toBe(false);
  expect(await bootstrap(keyless)).toEqual({ created: true });
  expect(await db.apiKey.count()).toBe(0);
});
