import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { storeApiKey } from "@/lib/accounts/api-keys";
import type { Operation } from "@/lib/contracts/operation";
import { ALL_PERMISSIONS, type Permission } from "@/lib/contracts/permissions";
import { operations } from "@/lib/contracts/registry";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { createTestProject } from "@/lib/webhooks/testing";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

/** Made from the contracts, so that an operation without a row cannot exist. */
const inProject = operations
  .filter((operation) => operation.auth === "project")
  .map((operation) => [operation.id, operation] as const);
const personal = operations
  .filter((operation) => operation.auth === "user")
  .map((operation) => [operation.id, operation] as const);

/** A body that passes the contract, for the operations that have one: refusal must not depend on a wrong body. */
const BODIES: Record<string, unknown> = {
  createWebhook: { url: "https://example.com/hook", event_types: ["*"] },
  updateWebhook: { description: "x" },
  emitEvent: { type: "instance.started", data: {} },
  updateReceiver: { status: 200 },
  updateProject: { name: "x" },
  updateMember: { role: "viewer" },
  createInvitation: { email: "a@example.com", role: "viewer" },
  createApiKey: { name: "x", scopes: ["project:read"] },
  createProject: { name: "x" },
  retryDeliveries: { delivery_ids: ["dlv_x"] },
  createSavedView: { name: "x", query: "" },
  updateSavedView: { name: "x" },
};

describe("who gets in", () => {
  let projectId: string;
  let otherProjectId: string;
  let allowed: string;
  let powerless: string;

  beforeAll(async () => {
    projectId = (await createTestProject()).projectId;
    otherProjectId = (await createTestProject()).projectId;
    const makeKey = async (scopes: readonly Permission[]) => {
      const key = `dmt_${crypto.randomUUID()}`;
      await storeApiKey(db, { projectId, createdBy: newId("user"), name: "test", scopes, key });
      return key;
    };
    allowed = await makeKey(ALL_PERMISSIONS);
    powerless = await makeKey([]);
  });

  const call = async (operation: Operation, { key, project }: { key?: string; project: string }) => {
    const module: Record<string, unknown> = await import(
      path.resolve("app/api/v1", `.${operation.path.replaceAll("{", "[").replaceAll("}", "]")}`, "route.ts")
    );
    const handler = module[operation.method] as Handler;
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    const values: Record<string, string> = { project_id: project, number: "1" };
    const params = Object.fromEntries(names.map((name) => [name, values[name] ?? newId("webhook")]));
    const body = BODIES[operation.id];
    const request = new Request("http://localhost:3000/api/v1/x", {
      method: operation.method,
      headers: { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await handler(request, { params: Promise.resolve(params) });
    await response.body?.cancel();
    return response.status;
  };

  it("has a body for every operation that takes one", () => {
    const missing = operations.filter(
      (operation) => operation.auth !== "public" && operation.body && !(operation.id in BODIES),
    );
    expect(missing.map((operation) => operation.id)).toEqual([]);
  });

  it.each(inProject)("%s: nobody without a session or key", async (_id, operation) => {
    expect(await call(operation, { project: projectId })).toBe(401);
  });

  it.each(inProject)("%s: another project does not exist for a key", async (_id, operation) => {
    expect(await call(operation, { key: allowed, project: otherProjectId })).toBe(404);
  });

  it.each(inProject)("%s: a key without scopes is refused before anything is looked up", async (_id, operation) => {
    expect(await call(operation, { key: powerless, project: projectId })).toBe(403);
  });

  it.each(personal)("%s: belongs to a person, not to a key", async (_id, operation) => {
    expect(await call(operation, { project: "" })).toBe(401);
    expect(await call(operation, { key: allowed, project: "" })).toBe(403);
  });
});
