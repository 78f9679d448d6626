import { describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import { type ClaimRequest, claimDue } from "@/lib/queue/claim";
import { ALONE } from "@/lib/queue/share";
import { useDeliveries } from "@/lib/queue/testing";
import { createTestWebhook } from "@/lib/webhooks/testing";

const REQUEST: ClaimRequest = {
  limit: 10,
  after: "",
  known: [],
  initialRoom: 2,
  suspectLimit: 10,
  first: [],
  places: [ALONE],
};

describe("the commit of a claim", () => {
  const { actor, emitOne } = useDeliveries();

  /** In a transaction of the test's, which begins when the delivery is due: what the claim sets ends with it. */
  const claim = async () => {
    const connection = await pool().connect();
    try {
      await connection.query("BEGIN");
      await connection.query("SET LOCAL synchronous_commit = on");
      const { deliveries } = await claimDue(connection, REQUEST);
      const { rows } = await connection.query<{ synchronous_commit: string }>("SHOW synchronous_commit");
      await connection.query("COMMIT");
      return { ids: deliveries.map(({ id }) => id), durability: rows[0]?.synchronous_commit };
    } finally {
      connection.release();
    }
  };

  it("does not wait for the disk", async () => {
    await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"] });
    const id = await emitOne();
    expect(await claim()).toEqual({ ids: [id], durability: "off" });
  });

  it("waits for the disk where an ordered lane is claimed", async () => {
    await createTestWebhook(actor(), { url: "https://example.com/", event_types: ["*"], ordering: "strict" });
    const id = await emitOne();
    expect(await claim()).toEqual({ ids: [id], durability: "on" });
  });
});

describe("the queue's indexes", () => {
  it("give each delivery an entry of its own", async () => {
    const { rows } = await pool().query<{ relname: string }>(
      "SELECT relname FROM pg_class WHERE 'deduplicate_items=off' = ANY (reloptions) ORDER BY relname",
    );
    expect(rows.map(({ relname }) => relname)).toEqual(["delivery_due_idx", "delivery_lane_idx"]);
  });
});
