import { describe, expect, it } from "vitest";
import { createApiKey } from "@/lib/accounts/api-keys";
import type { Permission } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { actorOf, makeReceiver } from "@/lib/receiver/testing";
import * as requests from "./requests/route";
import * as settings from "./route";

describe("the API of the test receiver", () => {
  const ORIGIN = "http://localhost:3000/api/v1/projects";

  async function caller(scopes: Permission[]) {
    const { projectId } = await makeReceiver();
    const { key } = await createApiKey(actorOf(projectId, "owner"), { name: "test", scopes });
    const context = { params: Promise.resolve({ project_id: projectId }) };
    const request = (method: string, path = "receiver", body?: unknown) =>
      new Request(`${ORIGIN}/${projectId}/${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    return { projectId, context, request };
  }

  it("reads, changes, lists and clears", async () => {
    const { projectId, context, request } = await caller(["receiver:read", "receiver:manage"]);
    const changed = await settings.PATCH(request("PATCH", "receiver", { status: 503, delay_ms: 250 }), context);
    expect(changed.status).toBe(200);
    expect(await (await settings.GET(request("GET"), context)).json()).toEqual(await changed.json());
    const newest = await store(projectId);
    const page = await (await requests.GET(request("GET", "receiver/requests?limit=1"), context)).json();
    expect(page).toMatchObject({ data: [{ id: newest }], next_cursor: null });
    expect((await requests.DELETE(request("DELETE", "receiver/requests"), context)).status).toBe(204);
    expect(await db.receiverRequest.count({ where: { projectId } })).toBe(0);
  });

  it.each([
    [{ status: 199 }, "status"],
    [{ status: 600 }, "status"],
    [{ status: 200.5 }, "status"],
    [{ status: "200" }, "status"],
    [{ delay_ms: -1 }, "delay_ms"],
    [{ delay_ms: 30_001 }, "delay_ms"],
    [{ fail_next: 1001 }, "fail_next"],
    [{ fail_status: 100 }, "fail_status"],
    [{ token: "mine" }, "token"],
  ])("refuses %j and names the field", async (body, field) => {
    const { context, request } = await caller(["receiver:manage"]);
    const response = await settings.PATCH(request("PATCH", "receiver", body), context);
    expect(response.status).toBe(422);
    expect((await response.json()).errors).toMatchObject([{ field }]);
  });

  it("needs the scope", async () => {
    const { context, request } = await caller(["webhooks:read"]);
    expect((await settings.GET(request("GET"), context)).status).toBe(403);
    expect((await requests.DELETE(request("DELETE", "receiver/requests"), context)).status).toBe(403);
  });
});

async function store(projectId: string): Promise<string> {
  const id = newId("receiverRequest");
  await db.receiverRequest.create({
    data: {
      id,
      projectId,
      method: "POST",
      headers: {},
      body: new Uint8Array(),
      answeredStatus: 200,
      signature: "unknown",
    },
  });
  return id;
}
