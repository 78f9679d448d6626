import { beforeEach, describe, expect, it } from "vitest";
import { attemptPartitions, dropAttemptPartitions, ensureAttemptPartitions } from "@/lib/db/partitions";
import { pool } from "@/lib/db/pool";

const now = new Date("2026-11-22T23:59:00Z");
const record = (id: string, startedAt: string) =>
  pool().query(
    `INSERT INTO attempt (delivery_id, number, trigger, started_at, latency_ms, request_headers) VALUES ($1, 1, 'auto', $2, 1, '{}')`,
    [id, startedAt],
  );
const where = async (id: string) => {
  const { rows } = await pool().query(
    "SELECT tableoid::regclass::text AS partition FROM attempt WHERE delivery_id = $1",
    [id],
  );
  return rows.map((row) => row.partition);
};

describe("partitions of attempts", () => {
  beforeEach(async () => {
    for (const name of await attemptPartitions()) await pool().query(`DROP TABLE "${name}"`);
    await pool().query("DELETE FROM attempt");
  });

  it("are there for today in UTC and a week to come, and made only once by processes at the same time", async () => {
    await Promise.all(Array.from({ length: 6 }, () => ensureAttemptPartitions(now)));
    const names = await attemptPartitions();
    expect(names).toHaveLength(8);
    expect(names[0]).toBe("attempt_20261122");
    expect(names.at(-1)).toBe("attempt_20261129");
  });

  it("take over what came in before they were there", async () => {
    await record("dlv_early", "2026-11-22T10:00:00Z");
    await record("dlv_older", "2026-11-20T10:00:00Z");
    expect(await where("dlv_early")).toEqual(["attempt_default"]);
    await ensureAttemptPartitions(now);
    expect(await where("dlv_early")).toEqual(["attempt_20261122"]);
    expect(await where("dlv_older")).toEqual(["attempt_default"]);
    await record("dlv_next", "2026-11-23T00:00:00Z");
    expect(await where("dlv_next")).toEqual(["attempt_20261123"]);
  });

  it("are made while attempts are being recorded, and none is lost", async () => {
    let recording = true;
    let recorded = 0;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; recording; n += 1) {
        await record(`dlv_${writer}_${n}`, "2026-11-22T12:00:00Z");
        recorded += 1;
      }
    });
    await ensureAttemptPartitions(now);
    recording = false;
    await Promise.all(writers);
    const { rows } = await pool().query("SELECT count(*)::int AS n FROM attempt");
    expect(rows[0].n).toBe(recorded);
  });

  it("go when their day is over for long enough, and not a moment before", async () => {
    await ensureAttemptPartitions(now);
    await record("dlv_last", "2026-11-22T23:59:59Z");
    await record("dlv_stray", "2026-11-01T00:00:00Z");
    expect(await dropAttemptPartitions(new Date("2026-11-22T23:59:59.999Z"))).toEqual([]);
    expect(await where("dlv_last")).toHaveLength(1);
    expect(await where("dlv_stray")).toEqual([]);
    expect(await dropAttemptPartitions(new Date("2026-11-23T00:00:00Z"))).toEqual(["attempt_20261122"]);
    expect(await where("dlv_last")).toEqual([]);
  });
});
