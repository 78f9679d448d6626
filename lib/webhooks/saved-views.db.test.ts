import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { createSavedViewBody, SAVED_VIEW_LIMITS, updateSavedViewBody } from "@/lib/contracts/saved-views";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import * as views from "@/lib/webhooks/saved-views";
import { createTestProject, testActor } from "@/lib/webhooks/testing";

let actor: Actor;
beforeEach(async () => {
  actor = await createTestProject();
});

const query = "status=failed&range=24h";

describe("saved views", () => {
  it("are seen by every member, by name; changed and deleted by those who may retry", async () => {
    const late = await views.createSavedView(actor, { name: "Timeouts", query });
    await views.createSavedView(testActor(actor.projectId, "member"), { name: "Failed today", query });
    const viewer = testActor(actor.projectId, "viewer");
    expect((await views.listSavedViews(viewer)).map(({ name }) => name)).toEqual(["Failed today", "Timeouts"]);
    const changed = await views.updateSavedView(actor, late.id, { name: "All timeouts" });
    expect(changed).toEqual({ ...late, name: "All timeouts" });
    for (const attempt of [
      () => views.createSavedView(viewer, { name: "x", query }),
      () => views.updateSavedView(viewer, late.id, { name: "x" }),
      () => views.deleteSavedView(viewer, late.id),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "forbidden" });
    }
    await views.deleteSavedView(actor, late.id);
    expect(await views.listSavedViews(actor)).toHaveLength(1);
    await expect(views.deleteSavedView(actor, late.id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("do not exist for another project", async () => {
    const { id } = await views.createSavedView(actor, { name: "Mine", query });
    const stranger = await createTestProject();
    expect(await views.listSavedViews(stranger)).toEqual([]);
    await expect(views.updateSavedView(stranger, id, { name: "Theirs" })).rejects.toMatchObject({ code: "not_found" });
    await expect(views.deleteSavedView(stranger, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(views.createSavedView(stranger, { name: "Mine", query })).resolves.toMatchObject({ name: "Mine" });
  });

  it("have names of their own, also when two are made at once", async () => {
    const made = await Promise.allSettled(
      Array.from({ length: 6 }, () => views.createSavedView(actor, { name: "Same", query })),
    );
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const other = await views.createSavedView(actor, { name: "Other", query });
    await expect(views.updateSavedView(actor, other.id, { name: "Same" })).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "name", message: expect.stringContaining("another name") }],
    });
  });

  it("are limited in number, however many are made at once", async () => {
    await db.savedView.createMany({
      data: Array.from({ length: SAVED_VIEW_LIMITS.per_project - 1 }, (_, index) => ({
        id: newId("savedView"),
        projectId: actor.projectId,
        name: `View ${index}`,
        query,
        createdBy: "usr_x",
      })),
    });
    const made = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => views.createSavedView(actor, { name: `More ${index}`, query })),
    );
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db.savedView.count({ where: { projectId: actor.projectId } })).toBe(SAVED_VIEW_LIMITS.per_project);
  });

  it("take a name and the query of an address, nothing else", () => {
    expect(createSavedViewBody.parse({ name: "  Failed ", query: "" })).toEqual({ name: "Failed", query: "" });
    for (const body of [
      { name: " ", query },
      { name: "x".repeat(SAVED_VIEW_LIMITS.name + 1), query },
      { name: "x", query: `?${query}` },
      { name: "x", query: "a b" },
      { name: "x", query: "a".repeat(SAVED_VIEW_LIMITS.query + 1) },
      { name: "x" },
    ]) {
      expect(createSavedViewBody.safeParse(body).success, JSON.stringify(body)).toBe(false);
    }
    expect(updateSavedViewBody.safeParse({}).success).toBe(false);
  });
});
