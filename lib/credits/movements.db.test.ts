import { beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
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
import { createTestReservation } from "@/lib/credits/testing";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { createTestProject } from "@/lib/webhooks/testing";

const day = 86_400_000;
const start = new Date("2026-12-01T12:00:00Z");
const at = (days: number) => new Date(Date.parse("2026-12-01T00:00:00Z") + days * day);
const policy = DEFAULT_BOOKING_POLICY;
const by = "usr_test";

describe("movements of credits", () => {
  let projectId: string;
  let reservationId: string;
  beforeEach(async () => {
    projectId = (await createTestProject()).projectId;
    reservationId = await createTestReservation(projectId);
  });
  const grant = (data: Partial<Parameters<typeof grantCredits>[1]> & { amount: bigint }) =>
    transaction((tx) =>
      grantCredits(tx, { projectId, source: "purchase", expiresAt: null, note: "", by, now: start, ...data }),
    );
  const hold = (amount: bigint, now = start) =>
    transaction((tx) => holdCredits(tx, { projectId, reservationId, amount, by, now }));
  const release = (refund: bigint, fee = 0n, now = start) =>
    transaction((tx) => releaseCredits(tx, { projectId, reservationId, refund, fee, policy, by, now }));
  const account = () => db.creditAccount.findUniqueOrThrow({ where: { projectId } });

  it("take in burn order, give back in reverse, keep the fee as if used", async () => {
    const never = await grant({ amount: 100n });
    const late = await grant({ amount: 10n, expiresAt: at(30) });
    const promo = await grant({ amount: 10n, expiresAt: at(20), source: "promo" });
    const bought = await grant({ amount: 10n, expiresAt: at(20) });
    const first = await grant({ amount: 10n, priority: 1 });
    expect((await previewHold(db, { projectId, amount: 45n, now: start })).slices).toEqual(await hold(45n));
    const rows = await db.creditHold.findMany({ where: { reservationId }, orderBy: { position: "asc" } });
    expect(rows.map(({ grantId, held }) => [grantId, held])).toEqual([
      [first.id, 10n],
      [promo.id, 10n],
      [bought.id, 10n],
      [late.id, 10n],
      [never.id, 5n],
    ]);
    const preview = await previewRelease(db, { projectId, reservationId, refund: 12n, fee: 15n, policy, now: start });
    const slices = await release(12n, 15n);
    expect(preview).toEqual({ slices, availableAfter: 107n });
    expect(slices.map(({ grantId, amount }) => [grantId, amount])).toEqual([
      [never.id, 5n],
      [late.id, 7n],
    ]);
    expect(await account()).toMatchObject({ available: 107n, held: 18n });
    await transaction((tx) => captureCredits(tx, { projectId, reservationId, amount: 18n, by, now: start }));
    const captured = await db.creditHold.findMany({ where: { reservationId }, orderBy: { position: "asc" } });
    expect(captured.map(({ held, captured }) => [held, captured])).toEqual([
      [0n, 10n],
      [0n, 10n],
      [0n, 10n],
      [0n, 3n],
      [0n, 0n],
    ]);
    const again = () =>
      transaction((tx) =>
        refundCaptured(tx, { projectId, reservationId, amount: 5n, policy, by, now: start, key: "sla:1" }),
      );
    expect((await again()).map(({ grantId, amount }) => [grantId, amount])).toEqual([
      [late.id, 3n],
      [bought.id, 2n],
    ]);
    expect(await again()).toEqual([]);
    expect(await account()).toMatchObject({ available: 112n, held: 0n });
  });

  it("refuse what is not there and say how much is missing", async () => {
    await grant({ amount: 5n });
    await expect(hold(7n)).rejects.toMatchObject({ code: "insufficient_credits", extras: { shortfall_micros: 2 } });
    await expect(release(1n)).rejects.toThrow(RangeError);
    for (const wrong of [() => hold(-1n), () => release(-1n), () => release(0n, -1n)]) {
      await expect(wrong()).rejects.toThrow(RangeError);
    }
    expect(await hold(0n)).toEqual([]);
    expect(await account()).toMatchObject({ available: 5n, held: 0n, lastSeq: 1n });
  });

  it("do not lose what comes back to a grant that has run out", async () => {
    const short = await grant({ amount: 10n, expiresAt: at(2), priority: 7 });
    await hold(6n);
    expect(await spendable(db, projectId, at(2))).toBe(0n);
    const preview = await previewRelease(db, { projectId, reservationId, refund: 6n, fee: 0n, policy, now: at(5) });
    const slices = await release(6n, 0n, at(5));
    expect(preview).toEqual({ slices, availableAfter: 6n });
    expect(slices).toEqual([{ grantId: short.id, source: "purchase", amount: 6n, expiresAt: at(35), replaced: true }]);
    const made = await db.creditGrant.findFirstOrThrow({ where: { parentId: short.id } });
    expect(made).toMatchObject({ source: "refund", available: 6n, priority: 7, expiresAt: at(35) });
    const lines = await db.ledgerTransaction.findMany({ where: { projectId }, orderBy: { seq: "asc" } });
    expect(
      lines.map(({ kind, availableDelta, availableAfter, heldAfter }) => [
        kind,
        availableDelta,
        availableAfter,
        heldAfter,
      ]),
    ).toEqual([
      ["grant", 10n, 10n, 0n],
      ["hold", -6n, 4n, 6n],
      ["expire", -4n, 0n, 6n],
      ["release", 6n, 6n, 0n],
    ]);
  });
});
