import { afterEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { checkHealth } from "@/lib/health/health";

afterEach(async () => {
  await db.workerBeat.deleteMany();
});

async function beat(secondsAgo: number) {
  await pool().query(
    `INSERT INTO worker_beat (id, host, pid, started_at, beat_at)
     VALUES ('worker', 'here', 1, now(), now() - make_interval(secs => $1))
     ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at`,
    [secondsAgo],
  );
}

describe("checkHealth", () => {
  it("is ok with the database, all migrations and a worker that lives", async () => {
    await beat(5);
    expect(await checkHealth()).toEqual({ status: "ok", database: "ok", migrations: "ok", worker: "ok" });
  });

  it("is degraded without a worker, and with one that has long been silent", async () => {
    expect(await checkHealth()).toEqual({ status: "degraded", database: "ok", migrations: "ok", worker: "none" });
    await beat(60);
    expect((await checkHealth()).worker).toBe("none");
  });

  it("is degraded while a migration is missing or was rolled back", async () => {
    await beat(1);
    const { rows } = await pool().query<{ id: string }>("SELECT id FROM _prisma_migrations LIMIT 1");
    await pool().query("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = $1", [rows[0]?.id]);
    expect(await checkHealth()).toMatchObject({ status: "degraded", migrations: "pending", worker: "ok" });
    await pool().query("UPDATE _prisma_migrations SET rolled_back_at = NULL WHERE id = $1", [rows[0]?.id]);
    expect((await checkHealth()).migrations).toBe("ok");
  });

  it("does not know of a worker in a database that is still empty", async () => {
    await pool().query("ALTER TABLE worker_beat RENAME TO worker_beat_elsewhere");
    expect(await checkHealth()).toMatchObject({ status: "degraded", database: "ok", worker: "unknown" });
    await pool().query("ALTER TABLE worker_beat_elsewhere RENAME TO worker_beat");
  });

  it("answers while the database hangs", async () => {
    const blocker = await pool().connect();
    await blocker.query("BEGIN; LOCK TABLE worker_beat IN ACCESS EXCLUSIVE MODE");
    expect(await checkHealth()).toEqual({
      status: "degraded",
      database: "down",
      migrations: "unknown",
      worker: "unknown",
    });
    await blocker.query("ROLLBACK");
    blocker.release();
  });
});
