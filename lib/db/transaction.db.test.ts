import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { isUniqueViolation } from "@/lib/db/errors";
import { SilentRollbackError } from "@/lib/db/inspect-results";
import { pool } from "@/lib/db/pool";
import { afterCommit, transaction } from "@/lib/db/transaction";

const counter = { key: "counter" };

beforeEach(async () => {
  await db.rateLimit.deleteMany();
  await db.rateLimit.create({ data: { ...counter, points: 0 } });
});

const points = async () => (await db.rateLimit.findUniqueOrThrow({ where: counter })).points;

test("isolation is READ COMMITTED unless told otherwise", async () => {
  const level = (options?: { isolation: "Serializable" }) =>
    transaction(
      (tx) => tx.$queryRaw<{ level: string }[]>`SELECT current_setting('transaction_isolation') AS level`,
      options,
    );
  expect(await level()).toEqual([{ level: "read committed" }]);
  expect(await level({ isolation: "Serializable" })).toEqual([{ level: "serializable" }]);
});

describe("conflicts are repeated until every change is in", () => {
  const runs = 12;

  test("serialization failures in the middle", async () => {
    let calls = 0;
    const increment = () =>
      transaction(
        async (tx) => {
          calls += 1;
          const row = await tx.rateLimit.findUniqueOrThrow({ where: counter });
          await tx.rateLimit.update({ where: counter, data: { points: row.points + 1 } });
        },
        { isolation: "RepeatableRead" },
      );
    await Promise.all(Array.from({ length: 4 }, increment));
    expect(await points()).toBe(4);
    expect(calls).toBeGreaterThan(4);
  });

  test("serialization failures at the commit: no write skew", async () => {
    // Each adds a row only if there are fewer than two: sequentially one of them does.
    const claim = (key: string) =>
      transaction(
        async (tx) => {
          if ((await tx.rateLimit.count()) < 2) await tx.rateLimit.create({ data: { key, points: 0 } });
        },
        { isolation: "Serializable" },
      );
    await Promise.all(Array.from({ length: runs }, (_, index) => claim(`claim ${index}`)));
    expect(await db.rateLimit.count()).toBe(2);
  });

  test("deadlocks", async () => {
    await db.rateLimit.create({ data: { key: "other", points: 0 } });
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const calls = [0, 0];
    const cross = (index: 0 | 1, first: string, second: string) =>
      transaction(async (tx) => {
        const add = (key: string) => tx.rateLimit.update({ where: { key }, data: { points: { increment: 1 } } });
        calls[index] = (calls[index] ?? 0) + 1;
        await add(first);
        both[index].resolve();
        await both[index === 0 ? 1 : 0].promise;
        await add(second);
      });
    await Promise.all([cross(0, "counter", "other"), cross(1, "other", "counter")]);
    expect(await db.rateLimit.findMany({ select: { points: true } })).toEqual([{ points: 2 }, { points: 2 }]);
    // One of them goes through at its first attempt; the other may collide with it again before that has ended.
    const [once, more] = calls.toSorted((a, b) => a - b);
    expect(once).toBe(1);
    expect(more).toBeGreaterThan(1);
  });

  test("other errors are passed on at once", async () => {
    let calls = 0;
    const failing = transaction(async (tx) => {
      calls += 1;
      await tx.rateLimit.create({ data: { ...counter, points: 0 } });
    });
    await expect(failing).rejects.toSatisfy((error) => isUniqueViolation(error, "rate_limit_pkey"));
    expect(calls).toBe(1);
  });
});

describe("after the commit", () => {
  test("hooks run once, in order, and see the change from outside", async () => {
    const seen: string[] = [];
    const result = await transaction(async (tx) => {
      await tx.rateLimit.update({ where: counter, data: { points: 7 } });
      afterCommit(tx, async () => {
        seen.push(`first sees ${await points()}`);
      });
      afterCommit(tx, () => {
        seen.push("second");
      });
      seen.push("body");
      return "result";
    });
    expect(result).toBe("result");
    expect(seen).toEqual(["body", "first sees 7", "second"]);
  });

  test("hooks of a repeated attempt are dropped", async () => {
    const ran: number[] = [];
    let attempt = 0;
    await transaction(async (tx) => {
      attempt += 1;
      const mine = attempt;
      afterCommit(tx, () => {
        ran.push(mine);
      });
      if (mine < 3) await tx.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`;
    });
    expect(ran).toEqual([3]);
  });

  test("a dry run answers what the change would have done, and leaves neither the change nor its hooks", async () => {
    let ran = false;
    const seen = await transaction(
      async (tx) => {
        afterCommit(tx, () => {
          ran = true;
        });
        await tx.rateLimit.update({ where: counter, data: { points: 7 } });
        return (await tx.rateLimit.findUniqueOrThrow({ where: counter })).points;
      },
      { dryRun: true },
    );
    expect(seen).toBe(7);
    expect(await points()).toBe(0);
    expect(ran).toBe(false);
  });

  test("hooks of a rolled-back transaction never run", async () => {
    const ran: string[] = [];
    const failing = transaction(async (tx) => {
      afterCommit(tx, () => {
        ran.push("ran");
      });
      await tx.rateLimit.update({ where: counter, data: { points: 9 } });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(ran).toEqual([]);
    expect(await points()).toBe(0);
  });

  test("a hook that fails spoils neither the result nor the next hook", async () => {
    const ran: string[] = [];
    const result = await transaction(async (tx) => {
      afterCommit(tx, () => Promise.reject(new Error("hook")));
      afterCommit(tx, () => {
        ran.push("second");
      });
      return 1;
    });
    expect(result).toBe(1);
    expect(ran).toEqual(["second"]);
  });

  test("a client that is not of a transaction is refused", () => {
    expect(() => afterCommit(db, () => {})).toThrow("transaction()");
  });
});

test("an error that the callback hides cannot pass as a commit", async () => {
  const ran: string[] = [];
  const hiding = transaction(async (tx) => {
    await tx.rateLimit.update({ where: counter, data: { points: 5 } });
    afterCommit(tx, () => {
      ran.push("ran");
    });
    await tx.rateLimit.create({ data: { ...counter, points: 0 } }).catch(() => "hidden");
  });
  await expect(hiding).rejects.toThrow(SilentRollbackError);
  expect(ran).toEqual([]);
  expect(await points()).toBe(0);
});

test("connections come back whatever ends the transactions", async () => {
  const endings = Array.from({ length: 40 }, (_, index) => {
    if (index % 4 === 0) return transaction((tx) => tx.$executeRaw`SELECT pg_sleep(0.3)`, { timeoutMs: 100 });
    if (index % 4 === 1) return transaction(() => Promise.reject(new Error("no")));
    if (index % 4 === 2) return transaction((tx) => tx.rateLimit.count(), { maxWaitMs: 20 });
    return transaction((tx) => tx.rateLimit.count());
  });
  await Promise.allSettled(endings);
  const all = Array.from({ length: 10 }, () => transaction((tx) => tx.rateLimit.count()));
  expect(await Promise.all(all)).toEqual(Array(10).fill(1));
  const { rows } = await pool().query(
    "SELECT count(*)::int AS stuck FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()",
  );
  expect(rows).toEqual([{ stuck: 0 }]);
});
