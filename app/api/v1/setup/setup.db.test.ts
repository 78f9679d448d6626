import { beforeEach, expect, test } from "vitest";
import { POST } from "@/app/api/v1/setup/route";
import { logIn } from "@/lib/accounts/login";
import { isSetUp, setUp } from "@/lib/accounts/setup";
import { call, codeOf } from "@/lib/accounts/testing";
import { db } from "@/lib/db/client";

const BODY = { name: "Ada", email: "Ada@Example.com", password: "a long password", project_name: "Lab" };

beforeEach(async () => {
  await db.project.deleteMany();
  await db.user.deleteMany();
});

test("makes the owner, a premium project and its receiver, once", async () => {
  expect(await isSetUp()).toBe(false);
  const created = await call(POST, { method: "POST", body: BODY });
  expect(created).toMatchObject({ status: 201, body: { email: "ada@example.com" } });
  expect(await isSetUp()).toBe(true);
  expect(await logIn({ email: "ADA@example.com ", password: BODY.password }, "192.0.2.1")).toMatchObject({
    email: "ada@example.com",
    name: "Ada",
  });
  const project = await db.project.findFirstOrThrow({ include: { members: true, receiver: true, webhooks: true } });
  expect(project).toMatchObject({ name: "Lab", plan: "premium", members: [{ role: "owner" }], webhooks: [] });
  expect(project.receiver?.token).toMatch(/^[A-Za-z0-9_-]{32}$/);

  const again = await call(POST, { method: "POST", body: { ...BODY, email: "eve@example.com" } });
  expect([again.status, codeOf(again)]).toEqual([409, "already_set_up"]);
  expect(await db.user.count()).toBe(1);
});

test("has one winner among many at once", async () => {
  const attempts = Array.from({ length: 12 }, (_, index) =>
    call(POST, { method: "POST", body: { ...BODY, email: `owner${index}@example.com` } }),
  );
  const statuses = (await Promise.all(attempts)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(11);
  expect([await db.user.count(), await db.project.count(), await db.member.count()]).toEqual([1, 1, 1]);
});

test("names the fields that are wrong", async () => {
  const refused = await call(POST, { method: "POST", body: { ...BODY, email: "ada", password: "short" } });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: "email" }, { field: "password" }] } });
  expect(await isSetUp()).toBe(false);
});

test("is not for other sites", async () => {
  const headers = { "sec-fetch-site": "cross-site" };
  expect(codeOf(await call(POST, { method: "POST", body: BODY, headers }))).toBe("cross_site_request");
});

test("loads demo data when ticked", async () => {
  const { project_id: projectId } = await setUp({ ...BODY, email: "ada@example.com", demo: true });
  expect(await db.webhook.count({ where: { projectId } })).toBeGreaterThan(0);
});
