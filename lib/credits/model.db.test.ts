import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import type { GrantSource } from "@/lib/contracts/credits";
import { lockFunds } from "@/lib/credits/account";
import {
  captureCredits,
  grantCredits,
  holdCredits,
  previewHold,
  previewRelease,
  refundCaptured,
  releaseCredits,
  spendable,
} from "@/lib/credits/movements";
import { voidGrant } from "@/lib/credits/service";
import { auditLedger, createTestReservation, OF_RESERVATIONS } from "@/lib/credits/testing";
import { ReferenceLedger, type RefGrant } from "@/lib/credits/testing-reference";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { createTestProject } from "@/lib/webhooks/testing";

const RUNS = 80;
const SEED = 20_261_122;
const DAY = 86_400_000;
const START = Date.parse("2026-12-01T09:30:00Z");
const policy = DEFAULT_BOOKING_POLICY;
const by = "usr_test";

type Real = { projectId: string; reservations: string[]; count: { commands: number } };
type Command = fc.AsyncCommand<ReferenceLedger, Real>;

/** Every command lets some time pass, so that no two grants are of the same moment. */
function command(text: string, run: (model: ReferenceLedger, real: Real, now: Date) => Promise<void>): Command {
  return {
    check: () => true,
    toString: () => text,
    run: async (model, real) => {
      model.now += 1;
      real.count.commands += 1;
      await run(model, real, new Date(model.now));
      await learnIds(model, real);
      expect(await spendable(db, real.projectId, new Date(model.now))).toBe(BigInt(model.spendable()));
    },
  };
}

/** The grants that came about by themselves get the ids that the database gave them. */
async function learnIds(model: ReferenceLedger, { projectId }: Real): Promise<void> {
  const unknown = model.grants.filter(({ id, parent }) => id === null && parent !== null);
  if (unknown.length === 0) return;
  const known = new Set(model.grants.map(({ id }) => id));
  const rows = await db.creditGrant.findMany({ where: { projectId, parentId: { not: null } } });
  for (const grant of unknown) {
    const row = rows.find(
      ({ id, parentId, source }) => !known.has(id) && parentId === grant.parent?.id && source === grant.source,
    );
    if (!row) continue;
    grant.id = row.id;
    known.add(row.id);
  }
}

const reservation = fc.nat({ max: 3 });
const share = fc.integer({ min: 0, max: 10_000 });
const part = (amount: number, bps: number) => Math.floor((amount * bps) / 10_000);

const commands = [
  fc
    .record({
      source: fc.constantFrom<GrantSource>("purchase", "plan", "plan", "promo", "sla", "manual"),
      amount: fc.integer({ min: 1, max: 2000 }),
      days: fc.option(fc.integer({ min: 1, max: 60 })),
      priority: fc.constantFrom(10, 50, 50, 90),
    })
    .map(({ source, amount, days, priority }) =>
      command(`grant ${source} ${amount} for ${days} at ${priority}`, async (model, { projectId }, now) => {
        const end = days === null ? null : model.now - (model.now % DAY) + days * DAY;
        const made = model.grant({ source, amount, end, priority });
        const row = await transaction((tx) =>
          grantCredits(tx, {
            projectId,
            source,
            amount: BigInt(amount),
            expiresAt: end === null ? null : new Date(end),
            priority,
            note: "",
            by,
            now,
          }),
        );
        made.id = row.id;
      }),
    ),
  fc.record({ index: reservation, amount: fc.integer({ min: 0, max: 1500 }) }).map(({ index, amount }) =>
    command(`hold ${amount} for ${index}`, async (model, { projectId, reservations }, now) => {
      const reservationId = reservations[index] ?? "";
      const request = { projectId, amount: BigInt(amount), now };
      const missing = model.hold(reservationId, amount);
      const preview = previewHold(db, request);
      const held = () => transaction((tx) => holdCredits(tx, { ...request, reservationId, by }));
      if (missing > 0) {
        const refusal = { code: "insufficient_credits", extras: { shortfall_micros: missing } };
        await expect(preview).rejects.toMatchObject(refusal);
        await expect(held()).rejects.toMatchObject(refusal);
      } else {
        const { slices, availableAfter } = await preview;
        expect(availableAfter).toBe(BigInt(model.spendable()));
        const taken = (await held()).map(({ amount }) => amount);
        expect(slices.map(({ amount }) => amount)).toEqual(taken);
      }
    }),
  ),
  fc.record({ index: reservation, back: share, kept: share }).map(({ index, back, kept }) =>
    command(`release ${back} and keep ${kept} of ${index}`, async (model, { projectId, reservations }, now) => {
      const reservationId = reservations[index] ?? "";
      const held = model.heldFor(reservationId);
      const refund = part(held, back);
      const fee = part(held - refund, kept);
      const request = { projectId, reservationId, refund: BigInt(refund), fee: BigInt(fee), policy, now };
      const preview = await previewRelease(db, request);
      model.release(reservationId, refund, fee);
      expect(preview.availableAfter).toBe(BigInt(model.spendable()));
      expect(await transaction((tx) => releaseCredits(tx, { ...request, by }))).toEqual(preview.slices);
    }),
  ),
  fc.record({ index: reservation, bps: share }).map(({ index, bps }) =>
    command(`capture ${bps} of ${index}`, async (model, { projectId, reservations }, now) => {
      const reservationId = reservations[index] ?? "";
      const amount = part(model.heldFor(reservationId), bps);
      model.capture(reservationId, amount);
      await transaction((tx) => captureCredits(tx, { projectId, reservationId, amount: BigInt(amount), by, now }));
    }),
  ),
  fc.record({ index: reservation, bps: share }).map(({ index, bps }) =>
    command(`refund ${bps} of ${index}`, async (model, { projectId, reservations }, now) => {
      const reservationId = reservations[index] ?? "";
      const amount = part(model.capturedFor(reservationId), bps);
      model.refund(reservationId, amount);
      const key = `refund:${now.getTime()}`;
      for (let again = 0; again < 2; again += 1) {
        await transaction((tx) =>
          refundCaptured(tx, { projectId, reservationId, amount: BigInt(amount), policy, by, now, key }),
        );
      }
    }),
  ),
  fc.record({ index: fc.nat(), amount: fc.option(fc.integer({ min: 1, max: 800 })) }).map(({ index, amount }) =>
    command(`void ${amount ?? "all"} of ${index}`, async (model, _real, now) => {
      const grants = model.grants.filter(({ id }) => id !== null);
      const grant: RefGrant | undefined = grants[index % Math.max(1, grants.length)];
      if (!grant?.id) return;
      const outcome = model.void(grant, amount);
      const done = voidGrant(
        { subject: { kind: "user", id: by } },
        grant.id,
        { note: "", ...(amount === null ? {} : { amount_micros: amount }) },
        now,
      );
      if (outcome === "done") await done;
      else
        await expect(done).rejects.toMatchObject({ code: outcome === "too much" ? "validation_failed" : "conflict" });
    }),
  ),
  fc.integer({ min: 1, max: 40 }).map((days) =>
    command(`${days} days pass`, async (model) => {
      model.now += days * DAY;
    }),
  ),
  fc.constant(
    command("book what has run out", async (model, { projectId }, now) => {
      model.settle();
      await transaction((tx) => lockFunds(tx, projectId, now));
    }),
  ),
  fc.record({ index: reservation }).map(({ index }) =>
    command(`ask too much of ${index}`, async (model, { projectId, reservations }, now) => {
      const reservationId = reservations[index] ?? "";
      const amount = BigInt(model.heldFor(reservationId) + 1);
      const of = { projectId, reservationId, by, now, policy };
      await expect(transaction((tx) => captureCredits(tx, { ...of, amount }))).rejects.toThrow(RangeError);
      await expect(transaction((tx) => releaseCredits(tx, { ...of, refund: amount, fee: 0n }))).rejects.toThrow(
        RangeError,
      );
    }),
  ),
];

describe("the ledger against a naive one", () => {
  it("has the same balances, grants and refusals after any commands", async () => {
    const count = { commands: 0 };
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 100, size: "max" }), async (list) => {
        const { projectId } = await createTestProject();
        const reservations: string[] = [];
        for (let index = 0; index < 4; index += 1) reservations.push(await createTestReservation(projectId));
        const model = new ReferenceLedger(START, {
          share: policy.plan.rollover_bps,
          cap: policy.plan.rollover_cap_micros,
          rolledDays: policy.plan.rollover_days,
          graceDays: policy.refund.grace_days,
        });
        const real = { projectId, reservations, count };
        await fc.asyncModelRun(() => ({ model, real }), list);

        model.settle();
        await transaction((tx) => lockFunds(tx, projectId, new Date(model.now)));
        await learnIds(model, real);
        const rows = await db.creditGrant.findMany({ where: { projectId } });
        const stored = rows.map((row) => [
          row.id,
          row.source,
          Number(row.available),
          Number(row.held),
          row.expiresAt?.getTime() ?? null,
        ]);
        const wanted = model.grants.map((grant) => [grant.id, grant.source, grant.available, grant.held, grant.end]);
        const byId = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
        expect(stored.toSorted(byId)).toEqual(wanted.toSorted(byId));
        const sums = await db.ledgerEntry.groupBy({ by: ["account"], where: { projectId }, _sum: { amount: true } });
        const sumOf = (account: string) => Number(sums.find((row) => row.account === account)?._sum.amount ?? 0);
        expect([sumOf("spent"), sumOf("expired")]).toEqual([model.spent, model.expired]);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    expect(await auditLedger({ except: [OF_RESERVATIONS] })).toEqual([]);
    process.stdout.write(`credits model: seed ${SEED}, ${RUNS} runs, ${count.commands} commands\n`);
    expect(count.commands).toBeGreaterThan(1000);
  }, 600_000);
});
