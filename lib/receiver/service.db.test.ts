import { describe, expect, it } from "vitest";
import { createProject } from "@/lib/accounts/projects";
import { RECEIVER_LIMITS } from "@/lib/contracts/receiver";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { isOwnReceiver } from "@/lib/net/own-receiver";
import { receiverRequestsByIds } from "@/lib/receiver/queries";
import { clearReceiverRequests, getReceiver, listReceiverRequests, updateReceiver } from "@/lib/receiver/service";
import { actorOf, makeReceiver } from "@/lib/receiver/testing";

async function store(projectId: string, body: Uint8Array<ArrayBuffer> = new Uint8Array()): Promise<string> {
  const id = newId("receiverRequest");
  const fixed = { method: "POST", headers: { a: "b" }, answeredStatus: 200, signature: "unknown" };
  await db.receiverRequest.create({ data: { id, projectId, body, ...fixed } });
  return id;
}

async function storeMany(projectId: string, count: number, bytes = 0): Promise<string[]> {
  const ids: string[] = [];
  for (let stored = 0; stored < count; stored += 1) ids.push(await store(projectId, new Uint8Array(bytes)));
  return ids.sort().reverse();
}

async function readAll(actor: Parameters<typeof listReceiverRequests>[0], limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await listReceiverRequests(actor, { cursor, limit });
    pages.push(page.data.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

describe("the receiver of a project", () => {
  it("is made with the project, at an address that deliveries may reach", async () => {
    const userId = newId("user");
    await db.user.create({ data: { id: userId, email: `${userId}@example.com`, name: "Ada" } });
    const project = await transaction((tx) => createProject(tx, { name: "P", plan: "free", ownerId: userId }));
    const row = await db.receiver.findUniqueOrThrow({ where: { projectId: project.id } });
    const { url, ...answers } = await getReceiver(actorOf(project.id, "viewer"));
    expect(url).toBe(`http://localhost:3000/receiver/${row.token}`);
    expect(isOwnReceiver(url, "http://localhost:3000")).toBe(true);
    expect(answers).toEqual({ status: 200, delay_ms: 0, fail_next: 0, fail_status: 500 });
  });

  it("is made once for a project that has none, however many ask at once", async () => {
    const projectId = newId("project");
    await db.project.create({ data: { id: projectId, name: "Old" } });
    const actor = actorOf(projectId, "member");
    const found = await Promise.all([
      ...Array.from({ length: 12 }, () => getReceiver(actor)),
      updateReceiver(actor, { delay_ms: 0 }),
    ]);
    expect(new Set(found.map(({ url }) => url)).size).toBe(1);
    expect(await db.receiver.count({ where: { projectId } })).toBe(1);
  });

  it("changes only what is given", async () => {
    const { actor } = await makeReceiver();
    await updateReceiver(actor, { fail_next: 3, fail_status: 429 });
    expect(await updateReceiver(actor, { status: 204, delay_ms: 1500 })).toMatchObject({
      status: 204,
      delay_ms: 1500,
      fail_next: 3,
      fail_status: 429,
    });
    expect(await updateReceiver(actor, { fail_next: 0 })).toMatchObject({ status: 204, fail_next: 0 });
  });

  it("may be seen but not changed or cleared by a viewer", async () => {
    const { projectId } = await makeReceiver();
    const viewer = actorOf(projectId, "viewer");
    const id = await store(projectId);
    await expect(updateReceiver(viewer, { status: 500 })).rejects.toMatchObject({ code: "forbidden" });
    await expect(clearReceiverRequests(viewer)).rejects.toMatchObject({ code: "forbidden" });
    expect((await getReceiver(viewer)).status).toBe(200);
    expect((await listReceiverRequests(viewer, { limit: 10 })).data).toMatchObject([{ id }]);
  });
});

describe("the list of requests", () => {
  it("is read in pages, newest first, without gaps or repeats", async () => {
    const { projectId, actor } = await makeReceiver();
    const ids = await storeMany(projectId, 7);
    expect(await readAll(actor, 3)).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
    expect(await readAll(actor, 7)).toEqual([ids]);
    expect(await listReceiverRequests(actor, { limit: 7 })).toMatchObject({ next_cursor: null });
  });

  it("ends a page early where bodies are large, and still gives all", async () => {
    const { projectId, actor } = await makeReceiver();
    const ids = await storeMany(projectId, 20, RECEIVER_LIMITS.bodyBytes);
    const pages = await readAll(actor, 200);
    expect(pages.map((page) => page.length)).toEqual([8, 8, 4]);
    expect(pages.flat()).toEqual(ids);
  });

  it("refuses a cursor that is not one of its own", async () => {
    const { actor } = await makeReceiver();
    for (const cursor of ["", "1", newId("delivery")]) {
      await expect(listReceiverRequests(actor, { cursor, limit: 10 })).rejects.toMatchObject({
        code: "invalid_cursor",
      });
    }
  });

  it("gives text as it came, and leaves no half character where it was cut", async () => {
    const { projectId, actor } = await makeReceiver();
    const text = '\ufeff{"note":"Grüße 世界"}\n';
    const whole = await store(projectId, new TextEncoder().encode(text));
    const cut = await store(projectId, new TextEncoder().encode("ab€").slice(0, 4));
    await db.receiverRequest.update({ where: { id: cut }, data: { truncated: true } });
    const { data } = await listReceiverRequests(actor, { limit: 10 });
    expect(data.find(({ id }) => id === whole)?.body).toBe(text);
    expect(data.find(({ id }) => id === cut)).toMatchObject({ body: "ab", truncated: true });
  });

  it("stays within the project, as does clearing it", async () => {
    const { projectId, actor } = await makeReceiver();
    const other = await makeReceiver();
    const [own] = await storeMany(projectId, 1);
    const [foreign] = await storeMany(other.projectId, 1);
    const ids = [own ?? "", foreign ?? ""];
    expect((await receiverRequestsByIds(projectId, ids)).map(({ id }) => id)).toEqual([own]);
    expect((await listReceiverRequests(actor, { limit: 10 })).data.map(({ id }) => id)).toEqual([own]);
    await clearReceiverRequests(actor);
    expect((await listReceiverRequests(actor, { limit: 10 })).data).toEqual([]);
    expect((await listReceiverRequests(other.actor, { limit: 10 })).data.map(({ id }) => id)).toEqual([foreign]);
  });

  it("travels in the live stream with short bodies only", async () => {
    const { projectId } = await makeReceiver();
    const long = await store(projectId, new TextEncoder().encode("x".repeat(9000)));
    const short = await store(projectId, new TextEncoder().encode("{}"));
    const found = await receiverRequestsByIds(projectId, [long, short]);
    expect(found.find(({ id }) => id === long)).toMatchObject({ body: "x".repeat(8192), truncated: true });
    expect(found.find(({ id }) => id === short)).toMatchObject({ body: "{}", truncated: false, headers: { a: "b" } });
  });
});
