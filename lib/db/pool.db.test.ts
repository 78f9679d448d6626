import pg from "pg";
import { afterAll, expect, it, vi } from "vitest";
import { createPool } from "@/lib/db/pool";

const queue = createPool("replan-test", { max: 1, plansFor: ["replanned"], sizesMs: 100 });
afterAll(() => queue.end());

const NAMED = { name: "find", text: "SELECT n FROM replanned WHERE id = $1" };

/** How the named statement is carried out, as it is planned at this moment. */
async function plan(): Promise<string> {
  const { rows } = await queue.query<Record<string, string>>("EXPLAIN (COSTS OFF) EXECUTE find ('1')");
  return rows.flatMap((row) => Object.values(row)).join("\n");
}

const query = vi.spyOn(pg.Client.prototype, "query");
const looks = () => query.mock.calls.filter(([sent]) => (sent as { name?: string }).name === "pages").length;
const discards = () => query.mock.calls.filter(([sent]) => String(sent) === "DISCARD PLANS").length;

it("plans are made anew when a table has grown, although nobody has analysed it, and kept while none grows", async () => {
  await queue.query("CREATE TABLE replanned (id text PRIMARY KEY, n int) WITH (autovacuum_enabled = false)");
  await queue.query("ANALYZE replanned");
  await queue.query({ ...NAMED, values: ["1"] });
  expect(await plan()).toContain("Seq Scan");
  const { rows: before } = await queue.query("SELECT pg_backend_pid() AS pid");
  await queue.query("INSERT INTO replanned SELECT n::text, n FROM generate_series(1, 20000) n");
  await expect.poll(plan).toContain("replanned_pkey");
  const { rows } = await queue.query({ ...NAMED, values: ["123"] });
  expect(rows).toEqual([{ n: 123 }]);
  const { rows: after } = await queue.query("SELECT pg_backend_pid() AS pid");
  expect(after).toEqual(before);
  // What is written is on its pages by the next look at the latest.
  const settled = looks() + 2;
  await expect.poll(looks).toBeGreaterThanOrEqual(settled);
  const made = discards();
  expect(made).toBeGreaterThan(0);
  await expect.poll(looks).toBeGreaterThanOrEqual(settled + 3);
  expect(discards()).toBe(made);
});
