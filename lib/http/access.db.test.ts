import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { storeApiKey } from "@/lib/accounts/api-keys";
import { createPerson } from "@/lib/accounts/testing";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import type { Operation } from "@/lib/contracts/operation";
import { ALL_PERMISSIONS, type Scope } from "@/lib/contracts/permissions";
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
const anybody = operations
  .filter((operation) => operation.auth === "any")
  .map((operation) => [operation.id, operation] as const);

const administrative = operations
  .filter((operation) => operation.auth === "admin")
  .map((operation) => [operation.id, operation] as const);

/** A body that passes the contract, for the operations that have one: refusal must not depend on a wrong body. */
const BODIES: Record<string, unknown> = {
  createCostThreshold: { amount_micros: 1 },
  createGrant: { source: "promo", amount_micros: 1 },
  voidGrant: {},
  createWebhook: { url: "https://example.com/hook", event_types: ["*"] },
  updateWebhook: { description: "x" },
  previewWebhookFilter: { event_types: ["*"], filter: { payload: { "data.gpu_count": { $gte: 8 } } } },
  sendEvent: { webhook_ids: [newId("webhook")] },
  regenerateWebhookSecret: { overlap_s: 0 },
  testWebhook: { signature: "valid" },
  debugSignature: { headers: "", body: "" },
  emitEvent: { type: "instance.started", data: {} },
  previewReplay: { kind: "failed", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" },
  createReplay: { kind: "failed", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" },
  updateReplay: { rate: 10 },
  updateReceiver: { status: 200 },
  updateProject: { name: "x" },
  updateMe: { name: "x" },
  changeEmail: { email: "a@example.com", current_password: "x" },
  changePassword: { new_password: "0123456789" },
  deleteMe: { email: "a@example.com" },
  updateMember: { role: "viewer" },
  createInvitation: { email: "a@example.com", role: "viewer" },
  createApiKey: { name: "x", scopes: ["project:read"] },
  createProject: { name: "x" },
  retryDeliveries: { delivery_ids: ["dlv_x"] },
  searchAvailability: { gpu_count: 8, duration_minutes: 60 },
  createQuote: { pool_id: "pool_x", gpu_count: 1, starts_at: "2027-01-01T00:00:00Z", ends_at: "2027-01-01T01:00:00Z" },
  createSavedView: { name: "x", query: "" },
  updateSavedView: { name: "x" },
  createSeries: {
    template: { pool_id: "pool_x", gpu_count: 1, starts_at: "2099-01-01T00:00:00Z", ends_at: "2099-01-02T00:00:00Z" },
    rule: { frequency: "daily", interval: 2, count: 2 },
  },
  cancelSeries: {},
  createFeed: { name: "x", scope: "mine" },
  joinWaitlist: { gpu_count: 1, duration_minutes: 60 },
  createReservation: {
    pool_id: "pool_x",
    gpu_count: 1,
    starts_at: "2030-01-01T00:00:00Z",
    ends_at: "2030-01-02T00:00:00Z",
  },
  updateReservation: { version: 1, title: "x" },
  confirmReservation: {},
  releasePart: { version: 1, starts_at: "2030-01-01T00:00:00Z", ends_at: "2030-01-02T00:00:00Z", gpu_count: 1 },
  cancelReservation: {},
  updateBookingPolicy: { ...DEFAULT_BOOKING_POLICY, version: 0 },
  createGpuType: { name: "x", memory_gb: 80 },
  updateGpuType: { memory_gb: 80 },
  createPool: { name: "x", gpu_type_id: "gpu_x", region: "x", provider: "x", price_micros_per_gpu_hour: 1 },
  updatePool: { version: 1, open: false },
  addNodes: { name: "x", lanes: 8 },
  renameNode: { name: "x" },
  retireNode: {},
  createMaintenance: { ends_at: "2100-01-01T00:00:00Z", reason: "x" },
  updateMaintenance: { reason: "x" },
  createInstances: { reservation_id: "rsv_x" },
  createSnapshot: {},
  createFault: { kind: "start_slow" },
  setNodeHealth: { health: "healthy" },
  startDrill: { pool_id: "pool_x" },
  publishArtifact: { type: "report", payload: {}, produced_by: "x" },
  publishArtifactSync: { type: "report", payload: {}, produced_by: "x" },
  createProcessor: { name: "x", artifact_types: ["*"], url: "https://example.com/" },
  updateProcessor: { name: "x" },
  changePlan: { plan: "premium" },
  createProvisioner: { name: "x", url: "https://example.com/dumont" },
  updateProvisioner: { name: "x" },
  regenerateProvisionerSecret: {},
  createApplication: { name: "x" },
  updateApplication: { name: "x" },
  createConfiguration: { name: "x", application: "x" },
  updateConfiguration: { archived: true },
  createVariant: { name: "x" },
  commitVersion: { source: "image: x", base_version: 0 },
  createEnvironment: { name: "x" },
  updateEnvironment: { protected: true },
  deploy: { environment: "x", variant: "default", version: 1 },
  rollBack: {},
  createEvaluation: { version_id: "cvr_x", name: "x", score: 1 },
  updateEvaluation: { note: "x" },
};

/** A query that passes the contract, for the operations that cannot do without. */
const QUERIES: Record<string, string> = {
  getCalendar: "?from=2026-12-01T00:00:00Z&to=2026-12-02T00:00:00Z",
  diffVersions: "?from=cvr_x&to=cvr_x",
};

describe("who gets in", () => {
  let projectId: string;
  let otherProjectId: string;
  let allowed: string;
  let powerless: string;
  let administrator: string;
  let ordinary: Record<string, string>;
  let running: Record<string, string>;

  beforeAll(async () => {
    projectId = (await createTestProject()).projectId;
    otherProjectId = (await createTestProject()).projectId;
    const makeKey = async (scopes: readonly Scope[]) => {
      const key = `dmt_${crypto.randomUUID()}`;
      await storeApiKey(db, { projectId, createdBy: newId("user"), name: "test", scopes, key });
      return key;
    };
    allowed = await makeKey(ALL_PERMISSIONS);
    powerless = await makeKey([]);
    administrator = await makeKey(["admin"]);
    ordinary = (await createPerson()).headers;
    running = (await createPerson({ isAdmin: true })).headers;
  });

  const call = async (
    operation: Operation,
    { key, project, session = {} }: { key?: string; project: string; session?: Record<string, string> },
  ) => {
    const module: Record<string, unknown> = await import(
      path.resolve("app/api/v1", `.${operation.path.replaceAll("{", "[").replaceAll("}", "]")}`, "route.ts")
    );
    const handler = module[operation.method] as Handler;
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    const values: Record<string, string> = { project_id: project, number: "1" };
    const params = Object.fromEntries(names.map((name) => [name, values[name] ?? newId("webhook")]));
    const body = BODIES[operation.id];
    const request = new Request(`http://localhost:3000/api/v1/x${QUERIES[operation.id] ?? ""}`, {
      method: operation.method,
      headers: { ...session, "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) },
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

  it.each(anybody)("%s: whoever signs in or has a key", async (_id, operation) => {
    expect(await call(operation, { project: "" })).toBe(401);
    for (const admitted of [{ key: powerless }, { session: ordinary }]) {
      expect([401, 403, 500]).not.toContain(await call(operation, { project: "", ...admitted }));
    }
  });

  it.each(administrative)("%s: belongs to whoever runs the installation", async (_id, operation) => {
    expect(await call(operation, { project: "" })).toBe(401);
    expect(await call(operation, { project: "", session: ordinary })).toBe(403);
    expect(await call(operation, { project: "", key: powerless })).toBe(403);
    expect(await call(operation, { project: "", key: allowed }), "every permission of a project").toBe(403);
    for (const admitted of [{ key: administrator }, { session: running }]) {
      expect([401, 403, 500]).not.toContain(await call(operation, { project: "", ...admitted }));
    }
  });

  it.each(inProject)("%s: running the installation opens no project", async (_id, operation) => {
    expect(await call(operation, { key: administrator, project: projectId })).toBe(403);
    expect(await call(operation, { session: running, project: projectId })).toBe(404);
  });

  it.each(personal)("%s: belongs to a person, not to a key", async (_id, operation) => {
    expect(await call(operation, { project: "" })).toBe(401);
    expect(await call(operation, { key: allowed, project: "" })).toBe(403);
  });
});
