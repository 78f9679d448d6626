import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { storeApiKey } from "@/lib/accounts/api-keys";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { listChanges } from "@/lib/webhooks/change-queries";
import { disable } from "@/lib/webhooks/enabling";
import { deleteWebhook, updateWebhook } from "@/lib/webhooks/service";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

const url = "https://example.com/hook";

describe("the history of a webhook", () => {
  let ada: Actor;
  beforeEach(async () => {
    ada = await createTestProject();
    const { id } = ada.subject;
    await db.user.create({ data: { id, email: `${id}@example.com`, name: "Ada" } });
    await db.member.create({ data: { id: newId("member"), projectId: ada.projectId, userId: id, role: "owner" } });
  });

  it("tells newest first what was changed, by whom and why, also of a deleted one", async () => {
    const { projectId } = ada;
    const keyId = (
      await storeApiKey(db, { projectId, createdBy: ada.subject.id, name: "CI", scopes: [], key: newId("apiKey") })
    ).id;
    const webhook = await createTestWebhook(ada, { url, event_types: ["*"] });
    await updateWebhook({ ...ada, subject: { kind: "api_key", id: keyId } }, webhook.id, { event_types: ["user.*"] });
    await transaction((tx) => disable(tx, webhook.id, { reason: "gone", by: "system", why: "Answered 410." }));
    await updateWebhook({ ...ada, subject: { kind: "user", id: newId("user") } }, webhook.id, { enabled: true });
    await deleteWebhook(ada, webhook.id);
    const { data, next_cursor } = await listChanges(ada, webhook.id, { limit: 50 });
    expect(data).toMatchObject([
      { kind: "deleted", by: { kind: "member", name: "Ada" }, enabled: false },
      { kind: "enabled", by: { kind: "member", name: null }, enabled: true },
      { kind: "disabled", by: { kind: "engine" }, reason: "Answered 410.", enabled: false },
      { kind: "updated", by: { kind: "api_key", name: "CI" }, event_types: ["user.*"] },
      { kind: "created", by: { kind: "member", name: "Ada" }, event_types: ["*"], url },
    ]);
    expect(next_cursor).toBeNull();
  });

  it("pages through everything once", async () => {
    const webhook = await createTestWebhook(ada, { url, event_types: ["*"] });
    for (let n = 0; n < 6; n += 1) await updateWebhook(ada, webhook.id, { enabled: n % 2 === 1 });
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listChanges(ada, webhook.id, { limit: 3, cursor });
      ids.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(ids).toHaveLength(7);
    expect(ids.map(Number)).toEqual([...new Set(ids.map(Number))].toSorted((a, b) => b - a));
    for (const wrong of ["x", "-1", "1.5", "9".repeat(30)]) {
      await expect(listChanges(ada, webhook.id, { limit: 3, cursor: wrong })).rejects.toMatchObject({
        code: "invalid_cursor",
      });
    }
  });

  it("is the project's own", async () => {
    const webhook = await createTestWebhook(ada, { url, event_types: ["*"] });
    const stranger = await createTestProject();
    await expect(listChanges(stranger, webhook.id, { limit: 3 })).rejects.toMatchObject({ code: "not_found" });
  });
});
