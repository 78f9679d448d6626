import { describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import { claimNamed } from "@/lib/queue/claim-named";
import { useDeliveries } from "@/lib/queue/testing";
import { createTestWebhook } from "@/lib/webhooks/testing";

const URL = "https://example.com/";

describe("a claim by name", () => {
  const { actor, emitNow, emitOne } = useDeliveries();

  const createWebhook = (options: Partial<Parameters<typeof createTestWebhook>[1]> = {}) =>
    createTestWebhook(actor(), { url: URL, event_types: ["*"], ...options });

  const claim = async (ids: string[]) => (await claimNamed(pool(), ids)).map(({ id }) => id);

  it("leases what was named, as a claim that looks would", async () => {
    const { id: webhookId } = await createWebhook({ headers: { "X-Tenant": "blue" } });
    const id = await emitOne({ text: "hello" });
    const other = await emitOne();
    const [claimed, ...rest] = await claimNamed(pool(), [id]);
    expect(rest).toEqual([]);
    expect(claimed).toMatchObject({
      id,
      webhookId,
      projectId: actor().projectId,
      attemptNumber: 1,
      maxAttempts: expect.any(Number),
      trigger: "auto",
      eventType: "instance.started",
      url: URL,
      headers: expect.any(String),
      retry: expect.any(Object),
      isFailing: false,
      isProbing: false,
      isOrdered: false,
      waitedMs: expect.any(Number),
    });
    expect(JSON.parse(claimed?.body ?? "")).toMatchObject({ data: { text: "hello" } });
    const { rows } = await pool().query(
      "SELECT id, lease_token, attempt_count, revision, lease_until > now() AS leased FROM delivery WHERE project_id = $1 ORDER BY id",
      [actor().projectId],
    );
    expect(rows).toEqual([
      { id, lease_token: claimed?.leaseToken, attempt_count: 1, revision: 2, leased: true },
      { id: other, lease_token: null, attempt_count: 0, revision: 1, leased: null },
    ]);
    expect(await claim([id])).toEqual([]);
  });

  it("does not wait for the disk", async () => {
    await createWebhook();
    const id = await emitOne();
    const connection = await pool().connect();
    try {
      await connection.query("BEGIN");
      await connection.query("SET LOCAL synchronous_commit = on");
      expect(await claimNamed(connection, [id])).toHaveLength(1);
      const { rows } = await connection.query("SHOW synchronous_commit");
      expect(rows).toEqual([{ synchronous_commit: "off" }]);
      await connection.query("COMMIT");
    } finally {
      connection.release();
    }
  });

  it.each([
    ["in a lane", { ordering: "strict" as const }, "SELECT 1"],
    ["with a limit of requests at once", { max_in_flight: 4 }, "SELECT 1"],
    ["with a limit of requests per second", { rate_limit: 10 }, "SELECT 1"],
    ["failing", {}, "UPDATE webhook SET failing_since = now()"],
    ["paused", {}, "UPDATE webhook SET paused_until = now() + interval '1 minute'"],
    ["probing", {}, "UPDATE webhook SET health = 'probing'"],
    ["disabled", {}, "UPDATE webhook SET enabled = false, disabled_reason = 'manual'"],
    ["deleted", {}, "UPDATE webhook SET deleted_at = now()"],
    ["not due yet", {}, "UPDATE delivery SET next_attempt_at = now() + interval '1 minute'"],
    ["leased to somebody", {}, "UPDATE delivery SET lease_until = now() + interval '1 minute'"],
    ["delivered", {}, "UPDATE delivery SET status = 'delivered', completed_at = now(), next_attempt_at = NULL"],
  ])("leaves alone what is %s", async (_what, options, change) => {
    await createWebhook(options);
    const id = await emitOne();
    await pool().query(change.startsWith("UPDATE") ? `${change} WHERE project_id = '${actor().projectId}'` : change);
    expect(await claim([id])).toEqual([]);
  });

  it("passes over an id that does not exist", async () => {
    await createWebhook();
    const id = await emitOne();
    expect(await claim(["dlv_unknown", id])).toEqual([id]);
    expect(await claim([])).toEqual([]);
  });

  it("gives each delivery to one of many that ask for the same", async () => {
    for (let n = 0; n < 4; n += 1) await createWebhook({ url: `${URL}${n}` });
    for (let round = 0; round < 10; round += 1) {
      const ids = (await emitNow()).deliveries.map(({ id }) => id);
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, n) => claim(n % 2 === 0 ? ids : ids.toReversed())),
      );
      expect(claims.flat().sort()).toEqual(ids.sort());
    }
  });
});
