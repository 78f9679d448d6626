import { describe, expect, it } from "vitest";
import { publishArtifact } from "@/lib/artifacts/service";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { createTestPool } from "@/lib/fleet/testing";
import { cleanUp } from "@/lib/queue/cleanup";
import { bookHours, createCustomer } from "@/lib/reservations/testing";
import { emit } from "@/lib/webhooks/emit";
import { beginWorkflow } from "@/lib/workflows/service";

const DAY_MS = 86_400_000;

describe("what is kept of a workflow", () => {
  it("is all of it while an event is left or something is still to come, and nothing afterwards", async () => {
    const actor = await createCustomer();
    const { projectId } = actor;
    const webhook = { url: "https://example.com/hook" };
    const pool = await createTestPool();
    // Its first events are long gone when it begins.
    const booking = await bookHours(actor, pool.id, [24 * 60, 24 * 60 + 1], { webhook });
    const begin = (correlationId: string) =>
      transaction(async (tx) => {
        await beginWorkflow(tx, { projectId, by: "u", kind: "artifact", title: "", correlationId, webhook });
        await publishArtifact(tx, {
          projectId,
          by: "u",
          correlationId,
          type: "report",
          payload: {},
          producedBy: "x",
        });
      });
    await begin("old");
    await begin("lively");
    await db.delivery.updateMany({ where: { projectId }, data: { status: "delivered" } });
    const later = new Date(Date.now() + 31 * DAY_MS);
    await transaction((tx) =>
      emit(tx, projectId, { type: "custom.x", data: {}, source: "platform", correlationId: "lively" }),
    );
    await db.event.updateMany({ where: { type: "custom.x" }, data: { createdAt: later } });

    expect(await cleanUp(later)).toMatchObject({ workflows: 1 });
    const left = await db.workflow.findMany({ where: { projectId }, include: { webhooks: true, artifacts: true } });
    expect(
      left.map(({ correlationId, webhooks, artifacts }) => [correlationId, webhooks.length, artifacts.length]),
    ).toEqual(
      expect.arrayContaining([
        ["lively", 1, 1],
        [booking.correlation_id, 1, 0],
      ]),
    );
    expect(left).toHaveLength(2);
    expect(await db.webhook.count({ where: { projectId } })).toBe(2);
    expect(await db.artifact.count({ where: { projectId } })).toBe(1);

    await db.reservation.update({ where: { id: booking.id }, data: { status: "completed" } });
    await cleanUp(later);
    expect(await db.workflow.count({ where: { projectId } })).toBe(1);
  });
});
