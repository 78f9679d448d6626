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
  unprovenLimit: 100,
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

describe("a claim", () => {
  const { actor, emitNow } = useDeliveries();

  /** How many deliveries it took of which webhook, and where the next one begins. */
  const claim = async (request: Partial<ClaimRequest>) => {
    const { deliveries, next } = await claimDue(pool(), { ...REQUEST, initialRoom: 10, ...request });
    const counts: Record<string, number> = {};
    for (const { webhookId } of deliveries) counts[webhookId] = (counts[webhookId] ?? 0) + 1;
    return { counts, next };
  };

  const createThree = async () => {
    // What other tests left due is not to be taken.
    await pool().query("UPDATE webhook SET enabled = false");
    const url = "https://example.com/";
    const made = await Promise.all([1, 2, 3].map(() => createTestWebhook(actor(), { url, event_types: ["*"] })));
    for (let n = 0; n < 5; n += 1) await emitNow();
    const [a = "", b = "", c = ""] = made.map(({ id }) => id).toSorted();
    return { a, b, c };
  };

  it("takes no more of suspects and of webhooks of which nothing is known than it may", async () => {
    const { a, b, c } = await createThree();
    await pool().query("UPDATE webhook SET failing_since = now() WHERE id = $1", [c]);
    const known: ClaimRequest["known"] = [{ webhookId: b, room: 10, trust: "proven" }];
    const first = await claim({ known, suspectLimit: 2, unprovenLimit: 3 });
    // A failing webhook that the process does not know gets one.
    expect(first.counts).toEqual({ [a]: 2, [b]: 5, [c]: 1 });
    const second = await claim({ known, suspectLimit: 2, unprovenLimit: 0 });
    expect(second.counts).toEqual({});
  });

  it("goes on behind what it came to of the untried as of the proven", async () => {
    const { a, b, c } = await createThree();
    const proven = (...ids: string[]): ClaimRequest["known"] =>
      ids.map((webhookId) => ({ webhookId, room: 1, trust: "proven" }));
    // The untried one is the last, and what comes before it has not all had its turn.
    const first = await claim({ limit: 2, known: proven(a, b), unprovenLimit: 1 });
    expect(first).toEqual({ counts: { [a]: 1, [c]: 1 }, next: a });
    const second = await claim({ limit: 2, after: a, known: proven(b, c), unprovenLimit: 1 });
    expect(second).toEqual({ counts: { [b]: 1, [c]: 1 }, next: c });
    expect((await claim({ limit: 2, after: c, known: proven(a, b, c) })).counts).toEqual({});
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
