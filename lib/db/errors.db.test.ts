import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { constraintName, isConflict, isUnavailable, isUniqueViolation, sqlState } from "@/lib/db/errors";
import { createPool, pool } from "@/lib/db/pool";
import type { Prisma } from "@/lib/generated/prisma/client";

const user = (id: string, email = `${id}@example.com`) => ({ id, email, name: "Somebody" });

/** What the promise is rejected with; a promise that is kept is the test's failure. */
async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("nothing went wrong"),
    (error: unknown) => error,
  );
}

describe("constraint violations, in all three shapes", () => {
  beforeAll(async () => {
    await db.user.create({ data: user("taken") });
    await pool().query(
      "ALTER TABLE rate_limit ADD CONSTRAINT rate_limit_excl EXCLUDE USING gist (int4range(points, points + 10) WITH &&)",
    );
    await db.rateLimit.create({ data: { key: "first", points: 0 } });
  });

  const insertUser = (id: string, email: string) =>
    [`INSERT INTO "user" (id, email, name) VALUES ($1, $2, '')`, id, email] as const;

  test.each([
    {
      what: "a unique index",
      state: "23505",
      constraint: "user_email_key",
      model: () => db.user.create({ data: user("other", "taken@example.com") }),
      statement: insertUser("other", "taken@example.com"),
    },
    {
      what: "a check",
      state: "23514",
      constraint: "user_email_check",
      model: () => db.user.create({ data: user("loud", "LOUD@example.com") }),
      statement: insertUser("loud", "LOUD@example.com"),
    },
    {
      what: "an exclusion",
      state: "23P01",
      constraint: "rate_limit_excl",
      model: () => db.rateLimit.create({ data: { key: "second", points: 5 } }),
      statement: ["INSERT INTO rate_limit (key, points) VALUES ($1, 5)", "second"] as const,
    },
    {
      what: "a foreign key",
      state: "23503",
      constraint: "identity_user_id_fkey",
      model: () => db.identity.create({ data: { id: "i", userId: "nobody", provider: "p", subject: "s" } }),
      statement: [
        "INSERT INTO identity (id, user_id, provider, subject) VALUES ($1, 'nobody', 'p', 's')",
        "i",
      ] as const,
    },
  ])("$what", async ({ state, constraint, model, statement }) => {
    const [text, ...values] = statement;
    const errors = [
      await errorOf(model()),
      await errorOf(db.$executeRawUnsafe(text, ...values)),
      await errorOf(pool().query(text, [...values])),
    ];
    expect(errors.map(sqlState)).toEqual([state, state, state]);
    expect(errors.map(constraintName)).toEqual([constraint, constraint, constraint]);
    expect(errors.map((error) => isUniqueViolation(error, constraint))).toEqual(Array(3).fill(state === "23505"));
    expect(errors.map((error) => isUniqueViolation(error, "another"))).toEqual([false, false, false]);
    expect(errors.map(isConflict)).toEqual([false, false, false]);
    expect(errors.map(isUnavailable)).toEqual([false, false, false]);
  });
});

describe("conflicts between transactions", () => {
  beforeAll(async () => {
    await db.rateLimit.createMany({
      data: [
        { key: "a", points: 1000 },
        { key: "b", points: 2000 },
      ],
    });
  });

  /** Two transactions that each do one step, wait for the other, and do the second. */
  async function collide(
    isolationLevel: Prisma.TransactionIsolationLevel,
    steps: Record<"first" | "second", (tx: Prisma.TransactionClient, mine: string, other: string) => Promise<unknown>>,
  ): Promise<unknown[]> {
    const arrived = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const run = (index: 0 | 1, mine: string, other: string) =>
      db.$transaction(
        async (tx) => {
          await steps.first(tx, mine, other);
          arrived[index].resolve();
          await arrived[index === 0 ? 1 : 0].promise;
          await steps.second(tx, mine, other);
        },
        { isolationLevel, timeout: 20_000 },
      );
    const results = await Promise.allSettled([run(0, "a", "b"), run(1, "b", "a")]);
    return results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  }

  const addPoint = (tx: Prisma.TransactionClient, key: string) =>
    tx.rateLimit.update({ where: { key }, data: { points: { increment: 1 } } });
  const addPointRaw = (tx: Prisma.TransactionClient, key: string) =>
    tx.$executeRaw`UPDATE rate_limit SET points = points + 1 WHERE key = ${key}`;
  const readPoints = (tx: Prisma.TransactionClient, key: string) => tx.rateLimit.findUnique({ where: { key } });

  test.each([
    { how: "a model call", state: "40P01", update: addPoint },
    { how: "raw SQL", state: "40P01", update: addPointRaw },
  ])("deadlock in $how", async ({ state, update }) => {
    const errors = await collide("ReadCommitted", {
      first: (tx, mine) => update(tx, mine),
      second: (tx, _mine, other) => update(tx, other),
    });
    expect(errors).toHaveLength(1);
    expect(errors.map(sqlState)).toEqual([state]);
    expect(errors.map(isConflict)).toEqual([true]);
  });

  test.each([
    { how: "a model call", update: addPoint },
    { how: "raw SQL", update: addPointRaw },
  ])("serialization failure in $how", async ({ update }) => {
    // Both have their snapshot; the second to change the row learns that it changed since.
    const errors = await collide("RepeatableRead", {
      first: (tx, mine) => readPoints(tx, mine),
      second: (tx) => update(tx, "a"),
    });
    expect(errors).toHaveLength(1);
    expect(errors.map(sqlState)).toEqual(["40001"]);
    expect(errors.map(isConflict)).toEqual([true]);
  });

  test("serialization failure at the commit", async () => {
    const committed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const skew = (index: 0 | 1, mine: string, other: string) =>
      db.$transaction(
        async (tx) => {
          await readPoints(tx, other);
          await addPoint(tx, mine);
          committed[index].resolve();
          await committed[index === 0 ? 1 : 0].promise;
        },
        { isolationLevel: "Serializable" },
      );
    const results = await Promise.allSettled([skew(0, "a", "b"), skew(1, "b", "a")]);
    const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(errors).toHaveLength(1);
    expect(errors.map(sqlState)).toEqual(["40001"]);
    expect(errors.map(isConflict)).toEqual([true]);
  });
});

describe("a database that is not there", () => {
  test("connection refused", async () => {
    const nowhere = new pg.Pool({ host: "127.0.0.1", port: 1, connectionTimeoutMillis: 2_000 });
    expect(isUnavailable(await errorOf(nowhere.query("SELECT 1")))).toBe(true);
    await nowhere.end();
  });

  test("session ended by the administrator, through Prisma and without", async () => {
    const mine = createPool("to-be-ended");
    const client = await mine.connect();
    const end = pool().query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [
      "to-be-ended",
    ]);
    const own = await errorOf(client.query("SELECT pg_sleep(20)"));
    await end;
    client.release(true);
    await mine.end();
    expect(sqlState(own)).toBe("57P01");
    expect(isUnavailable(own)).toBe(true);

    const prisma = db.$executeRaw`SELECT pg_terminate_backend(pg_backend_pid())`;
    expect(isUnavailable(await errorOf(prisma))).toBe(true);
  });

  test("no free connection in time, through Prisma and without", async () => {
    const held = Promise.withResolvers<void>();
    const holding = Array.from({ length: 10 }, () => db.$transaction(() => held.promise, { timeout: 30_000 }));
    try {
      const prisma = await errorOf(db.$transaction((tx) => tx.user.count(), { maxWait: 200 }));
      expect(isUnavailable(prisma)).toBe(true);
    } finally {
      held.resolve();
      await Promise.all(holding);
    }
    const { options } = pool();
    const single = new pg.Pool({ connectionString: options.connectionString, max: 1, connectionTimeoutMillis: 200 });
    const client = await single.connect();
    expect(isUnavailable(await errorOf(single.query("SELECT 1")))).toBe(true);
    client.release();
    await single.end();
  });

  test("a transaction that takes too long is not that", async () => {
    const slow = db.$transaction((tx) => tx.$executeRaw`SELECT pg_sleep(0.5)`, { timeout: 50 });
    expect(isUnavailable(await errorOf(slow))).toBe(false);
  });
});

test.each([undefined, null, "57P01", new Error("boom"), { code: "P2002" }, { meta: { driverAdapterError: null } }])(
  "%o is none of these",
  (value) => {
    expect(sqlState(value)).toBeUndefined();
    expect(constraintName(value)).toBeUndefined();
    expect(isConflict(value)).toBe(false);
    expect(isUnavailable(value)).toBe(false);
  },
);
