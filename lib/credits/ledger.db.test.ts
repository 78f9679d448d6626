import { beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { MAX_MICROS } from "@/lib/contracts/money";
import { captureCredits, grantCredits, holdCredits, refundCaptured, releaseCredits } from "@/lib/credits/movements";
import { auditLedger, createTestReservation, OF_RESERVATIONS } from "@/lib/credits/testing";
import { db } from "@/lib/db/client";
import { sqlState } from "@/lib/db/errors";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { createTestProject } from "@/lib/webhooks/testing";

const policy = DEFAULT_BOOKING_POLICY;
const by = "usr_test";
const CLIENTS = 8;
const OPERATIONS = 10_000;
const SEED = 20_261_122;

describe("the ledger", () => {
  let projectId: string;
  beforeEach(async () => {
    projectId = (await createTestProject()).projectId;
  });
  const grant = (amount: bigint, data: Partial<Parameters<typeof grantCredits>[1]> = {}) =>
    transaction((tx) =>
      grantCredits(tx, {
        projectId,
        source: "purchase",
        amount,
        expiresAt: null,
        note: "",
        by,
        now: new Date(),
        ...data,
      }),
    );
  const hold = (reservationId: string, amount: bigint) =>
    transaction((tx) => holdCredits(tx, { projectId, reservationId, amount, by, now: new Date() }));

  it("lets exactly as many of 100 parallel holds through as there are credits for", async () => {
    await grant(400n);
    await grant(40n);
    const ids = await Promise.all(Array.from({ length: 100 }, () => createTestReservation(projectId)));
    const outcomes = await Promise.allSettled(ids.map((id) => hold(id, 10n)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(44);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "insufficient_credits" });
    }
    expect(await db.creditAccount.findUniqueOrThrow({ where: { projectId } })).toMatchObject({
      available: 0n,
      held: 440n,
    });
    expect(await auditLedger({ except: [OF_RESERVATIONS] })).toEqual([]);
  });

  it("makes an account once, and a movement with a key once, however many ask at the same time", async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => grant(7n, { key: "purchase:1" })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await db.creditAccount.findUniqueOrThrow({ where: { projectId } })).toMatchObject({
      available: 7n,
      lastSeq: 1n,
    });
  });

  it(`sums to zero after ${OPERATIONS} random operations of ${CLIENTS} clients`, async () => {
    const projects = [projectId, (await createTestProject()).projectId];
    const reservations = await Promise.all(
      projects.flatMap((project) =>
        Array.from({ length: 6 }, async () => [project, await createTestReservation(project)] as const),
      ),
    );
    const done: Record<string, number> = {};
    let left = OPERATIONS;
    // The clocks of the clients differ by minutes, and grants run out within days that pass while they work.
    const begin = Date.parse("2026-12-01T00:00:00Z");
    const client = async (number: number) => {
      const random = mulberry32(SEED + number);
      const pick = (count: number) => Math.floor(random() * count);
      while (left > 0) {
        left -= 1;
        const now = new Date(begin + (OPERATIONS - left) * 60_000 + number * 90_000);
        const [project, reservationId] = reservations[pick(reservations.length)] ?? ["", ""];
        const of = { projectId: project, reservationId, by, now };
        const amount = BigInt(pick(500));
        const operations: Record<string, () => Promise<unknown>> = {
          grant: () =>
            transaction((tx) =>
              grantCredits(tx, {
                projectId: project,
                source: pick(2) === 0 ? "plan" : "purchase",
                amount: amount + 1n,
                expiresAt: pick(3) === 0 ? null : new Date(begin + (pick(12) + 1) * 43_200_000),
                priority: pick(3),
                note: "",
                by,
                now,
              }),
            ),
          hold: () => transaction((tx) => holdCredits(tx, { ...of, amount })),
          release: () =>
            transaction((tx) => releaseCredits(tx, { ...of, refund: amount / 2n, fee: amount / 3n, policy })),
          capture: () => transaction((tx) => captureCredits(tx, { ...of, amount: amount / 2n })),
          refund: () => transaction((tx) => refundCaptured(tx, { ...of, amount: amount / 4n, policy })),
        };
        const names = ["grant", "hold", "hold", "release", "capture", "refund"];
        const name = names[pick(names.length)] ?? "hold";
        try {
          await operations[name]?.();
          done[name] = (done[name] ?? 0) + 1;
        } catch (error) {
          // Too little is a right answer; anything else is not.
          if (!(error instanceof RangeError) && !(error instanceof AppError && error.code === "insufficient_credits"))
            throw error;
          done.refused = (done.refused ?? 0) + 1;
        }
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
    process.stdout.write(`credits hammer: seed ${SEED}, ${JSON.stringify(done)}\n`);
    for (const name of ["grant", "hold", "release", "capture", "refund", "refused"])
      expect(done[name]).toBeGreaterThan(100);
    expect(
      await db.ledgerTransaction.count({
        where: { projectId: { in: projects }, kind: { in: ["expire", "rollover"] } },
      }),
    ).toBeGreaterThan(10);
    expect(await auditLedger({ except: [OF_RESERVATIONS] })).toEqual([]);
  }, 600_000);

  it("cannot be changed, emptied or thinned out by SQL", async () => {
    await grant(10n);
    for (const table of ["ledger_transaction", "ledger_entry"]) {
      for (const statement of [
        `UPDATE ${table} SET project_id = project_id`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table} CASCADE`,
      ]) {
        await expect(pool().query(statement)).rejects.toThrow("is only ever added to");
      }
    }
    expect(await db.ledgerEntry.count({ where: { projectId } })).toBe(2);
  });

  it("goes with its project", async () => {
    const id = await createTestReservation(projectId);
    await grant(10n);
    await hold(id, 5n);
    await db.project.delete({ where: { id: projectId } });
    expect(await db.ledgerEntry.count({ where: { projectId } })).toBe(0);
  });

  it("refuses entries that do not sum to zero, say other amounts than the line, or overdraw", async () => {
    const { id: grantId } = await grant(10n);
    const insert = async (available: number, entries: [string, number][]) => {
      const client = await pool().connect();
      try {
        await client.query("BEGIN");
        const id = newId("ledgerTransaction");
        await client.query(
          `INSERT INTO ledger_transaction (id, project_id, seq, kind, available_delta, held_delta, available_after, held_after, created_by)
           VALUES ($1, $2, 2, 'adjust', $3, 0, 0, 0, 'sql')`,
          [id, projectId, available],
        );
        for (const [account, amount] of entries) {
          await client.query(
            "INSERT INTO ledger_entry (transaction_id, project_id, grant_id, account, amount) VALUES ($1, $2, $3, $4, $5)",
            [id, projectId, grantId, account, amount],
          );
        }
        await client.query("COMMIT");
      } finally {
        await client.query("ROLLBACK");
        client.release();
      }
    };
    await expect(insert(-1, [["available", -1]])).rejects.toThrow("sum to -1, not to 0");
    await expect(
      insert(-1, [
        ["available", -1],
        ["spent", 2],
      ]),
    ).rejects.toThrow("sum to 1, not to 0");
    await expect(
      insert(-2, [
        ["available", -1],
        ["spent", 1],
      ]),
    ).rejects.toThrow("says other amounts");
    const overdraw = await insert(-11, [
      ["available", -11],
      ["spent", 11],
    ]).catch((error: unknown) => error);
    expect(sqlState(overdraw)).toBe("23514");
    expect(await db.creditAccount.findUniqueOrThrow({ where: { projectId } })).toMatchObject({ available: 10n });
  });

  it("finds what somebody changed past it", async () => {
    const { id } = await grant(10n);
    const other = (await createTestProject()).projectId;
    await db.creditAccount.create({ data: { projectId: other, held: 3n } });
    await db.creditGrant.update({ where: { id }, data: { available: 9n } });
    const found = await auditLedger({ except: [OF_RESERVATIONS] });
    expect(found.map((text) => text.split(":")[0])).toEqual([
      "The balances of a grant are the sums of its entries",
      "The balances of an account are the sums of its grants",
      "Running balances follow from line to line without a gap, and end at the account's",
    ]);
    await db.creditGrant.update({ where: { id }, data: { available: 10n } });
    await db.creditAccount.delete({ where: { projectId: other } });
  });

  it("counts no more than what JSON carries exactly", async () => {
    const most = BigInt(MAX_MICROS);
    for (const amount of [0n, -1n, most + 1n]) {
      await expect(grant(amount)).rejects.toMatchObject({
        code: "validation_failed",
        errors: [{ field: "amount_micros" }],
      });
    }
    const id = await createTestReservation(projectId);
    await grant(most - 5n);
    await hold(id, 10n);
    await expect(grant(6n)).rejects.toMatchObject({
      code: "validation_failed",
      message: expect.stringContaining("0.000005 credits more"),
    });
    await grant(5n);
    // Spending makes room, and what is given back then would be too much.
    const of = { projectId, reservationId: id, by, now: new Date() };
    await transaction((tx) => captureCredits(tx, { ...of, amount: 10n }));
    await grant(10n);
    await expect(transaction((tx) => refundCaptured(tx, { ...of, amount: 1n, policy }))).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await db.creditAccount.findUniqueOrThrow({ where: { projectId } })).toMatchObject({
      available: most,
      held: 0n,
    });
  });
});

/** Random numbers that are the same each time. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
