import { describe, expect, it } from "vitest";
import { RECEIVER_LIMITS } from "@/lib/contracts/receiver";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { receive } from "@/lib/receiver/receive";
import { newReceiverToken, updateReceiver } from "@/lib/receiver/service";
import { makeReceiver } from "@/lib/receiver/testing";

function post(token: string): Promise<Response> {
  const request = new Request(`http://localhost:3000/receiver/${token}`, { method: "POST", body: "{}" });
  return receive(request, token);
}

async function postAtOnce(token: string, times: number): Promise<number[]> {
  const responses = await Promise.all(Array.from({ length: times }, () => post(token)));
  return responses.map(({ status }) => status);
}

function count(values: number[], wanted: number): number {
  return values.filter((value) => value === wanted).length;
}

describe("requests at the same moment", () => {
  it.each([
    { failNext: 7, requests: 100 },
    { failNext: 60, requests: 60 },
    { failNext: 90, requests: 50 },
  ])("of $requests with $failNext to fail, exactly so many fail", async ({ failNext, requests }) => {
    const { projectId, token } = await makeReceiver({ failNext, failStatus: 503 });
    const statuses = await postAtOnce(token, requests);
    const failed = Math.min(failNext, requests);
    expect(count(statuses, 503)).toBe(failed);
    expect(count(statuses, 200)).toBe(requests - failed);
    expect(await db.receiver.findUnique({ where: { projectId } })).toMatchObject({ failNext: failNext - failed });
    expect(await db.receiverRequest.count({ where: { projectId, answeredStatus: 503 } })).toBe(failed);
  });

  it("leaves a count that is running down alone when another setting is changed", async () => {
    const { projectId, token, actor } = await makeReceiver({ failNext: 40 });
    const [statuses] = await Promise.all([
      postAtOnce(token, 30),
      ...[201, 202, 200].map((status) => updateReceiver(actor, { status })),
    ]);
    expect(count(statuses, 500)).toBe(30);
    expect(await db.receiver.findUnique({ where: { projectId } })).toMatchObject({ failNext: 10 });
  });

  it("leaves the newest 200 of a project and touches no other", async () => {
    const { projectId, token } = await makeReceiver();
    const other = await makeReceiver();
    await fill(projectId, 190);
    await fill(other.projectId, 3);
    const before = await idsOf(projectId);
    const statuses = await postAtOnce(token, 120);
    expect(count(statuses, 200)).toBe(120);
    const after = await idsOf(projectId);
    expect(after).toHaveLength(RECEIVER_LIMITS.kept);
    // The 120 new ones, and of those before the newest 80.
    expect(after.filter((id) => before.includes(id))).toEqual(before.slice(0, 80));
    expect(await idsOf(other.projectId)).toHaveLength(3);
  });
});

describe("the limit", () => {
  it("takes 200 requests a second for one token, and is the same for a token that does not exist", async () => {
    const { projectId, token } = await makeReceiver();
    const { requestsPerSecond: most } = RECEIVER_LIMITS;
    const statuses = await postAtOnce(token, most + 25);
    expect(count(statuses, 200)).toBe(most);
    expect(count(statuses, 429)).toBe(25);
    expect(await db.receiverRequest.count({ where: { projectId } })).toBe(most);

    const unknown = await postAtOnce(newReceiverToken(), most + 25);
    expect(count(unknown, 404)).toBe(most);
    expect(count(unknown, 429)).toBe(25);
  });

  it("says when to come back, and holds back nobody else", async () => {
    const { token } = await makeReceiver();
    const other = await makeReceiver();
    const refused = (
      await Promise.all(Array.from({ length: RECEIVER_LIMITS.requestsPerSecond + 1 }, () => post(token)))
    ).find(({ status }) => status === 429);
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect((await post(other.token)).status).toBe(200);
  });
});

async function fill(projectId: string, rows: number): Promise<void> {
  await db.receiverRequest.createMany({
    data: Array.from({ length: rows }, () => ({
      id: newId("receiverRequest"),
      projectId,
      method: "POST",
      headers: {},
      body: new Uint8Array(),
      answeredStatus: 200,
      signature: "unknown",
    })),
  });
}

async function idsOf(projectId: string): Promise<string[]> {
  const rows = await db.receiverRequest.findMany({
    where: { projectId },
    select: { id: true },
    orderBy: { id: "desc" },
  });
  return rows.map(({ id }) => id);
}
