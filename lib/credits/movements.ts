import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import type { GrantSource } from "@/lib/contracts/credits";
import { creditsText, MAX_MICROS } from "@/lib/contracts/money";
import { type LockedAccount, lockFunds } from "@/lib/credits/account";
import { takeFrom } from "@/lib/credits/burn-order";
import { hasRunOut, readFunds, rulesFor, spendableFunds } from "@/lib/credits/funds";
import { createEmptyGrant } from "@/lib/credits/grants";
import { addHolds, changeHolds, type Hold, readHolds, split } from "@/lib/credits/holds";
import { type Entry, move, post, roomFor } from "@/lib/credits/post";
import { graceEnd } from "@/lib/credits/rollover";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import type { CreditGrant } from "@/lib/generated/prisma/client";

/**
 * Every movement of credits. Each locks the project's account until the caller's transaction ends (last in the lock
 * order: idempotency row, pool, reservation, account), books what has run out and writes lines of the ledger. Amounts
 * are micro-credits and never negative; 0n moves nothing and writes nothing.
 */

/** What a movement does to one grant: positive comes back to it, negative is taken from it. */
export type GrantSlice = {
  grantId: string;
  source: string;
  amount: bigint;
  expiresAt: Date | null;
  /** The grant named has run out: what comes back goes into a new one, which lasts until `expiresAt`. */
  replaced: boolean;
};

type Of = { projectId: string; reservationId: string };
type Who = { by: string; now: Date; note?: string };

/** What the project can spend at this moment: what has run out is not in it, whether booked yet or not. */
export async function spendable(client: Tx | typeof db, projectId: string, now: Date): Promise<bigint> {
  return total(await fundsAt(client, projectId, now));
}

/**
 * Gives the project credits.
 * @param expiresAt the moment at which what is left of them is no longer good; null: never
 * @param key makes it once: a second call with it changes nothing and returns the first grant
 * @throws AppError "validation_failed" for amounts that cannot be
 */
export async function grantCredits(
  tx: Tx,
  grant: {
    projectId: string;
    source: GrantSource;
    amount: bigint;
    expiresAt: Date | null;
    priority?: number;
    note: string;
    by: string;
    key?: string;
    parentId?: string;
    now: Date;
  },
): Promise<CreditGrant> {
  const { projectId, amount, key } = grant;
  if (amount <= 0n || amount > BigInt(MAX_MICROS)) {
    throw invalidField("amount_micros", `Give from 1 to ${MAX_MICROS} micro-credits.`);
  }
  const account = await lockFunds(tx, projectId, grant.now);
  if (key !== undefined) {
    const before = await tx.ledgerEntry.findFirst({
      where: { projectId, account: "available", amount: { gt: 0 }, transaction: { projectId, key } },
      select: { grant: true },
    });
    if (before) return before.grant;
  }
  const room = roomFor(account.available + account.held);
  if (amount > room) {
    throw invalidField(
      "amount_micros",
      `The project can take ${creditsText(room)} credits more: a balance is counted exactly up to ${creditsText(MAX_MICROS)}.`,
    );
  }
  const made = await createEmptyGrant(tx, grant, account.at);
  await post(tx, {
    projectId,
    kind: "grant",
    entries: move(made.id, "funding", "available", amount),
    at: account.at,
    by: grant.by,
    key,
    note: grant.note,
  });
  return { ...made, available: amount };
}

/**
 * Holds credits for a reservation, whose row exists, in burn order.
 * @returns what was taken of which grant, as negative amounts
 * @throws AppError "insufficient_credits" with extras.shortfall_micros; nothing is held then
 */
export async function holdCredits(
  tx: Tx,
  { projectId, reservationId, amount, by, now, note }: Of & Who & { amount: bigint },
): Promise<GrantSlice[]> {
  requireAmounts(amount);
  const { at, funds } = await lockFunds(tx, projectId, now);
  const { taken, shortfall } = takeFrom(funds, amount);
  if (shortfall > 0n) throw insufficient(amount, shortfall);
  if (taken.length === 0) return [];
  await post(tx, {
    projectId,
    kind: "hold",
    entries: taken.flatMap(({ grant, amount }) => move(grant.id, "available", "held", amount)),
    at,
    by,
    reservationId,
    note,
  });
  await addHolds(
    tx,
    { projectId, reservationId },
    taken.map(({ grant, amount }) => ({ grantId: grant.id, amount })),
  );
  return taken.map(takenSlice);
}

/**
 * Ends the holding of a part: `refund` becomes spendable again in reverse order of taking, `fee` is kept in the order of
 * taking, as what is used would be. What belongs to a grant that has run out goes into a new one of source "refund".
 * @returns what came back to which grant
 * @throws RangeError when less than refund + fee is held
 */
export async function releaseCredits(
  tx: Tx,
  { projectId, reservationId, refund, fee, policy, by, now }: Of & Who & ReleaseAmounts & { policy: BookingPolicy },
): Promise<GrantSlice[]> {
  requireAmounts(refund, fee);
  const account = await lockFunds(tx, projectId, now);
  const of = { projectId, reservationId };
  const { back, kept } = divide(await readHolds(tx, of), { refund, fee });
  const slices = await giveBack(tx, account, { ...of, by, kind: "release", from: "held", parts: back, policy });
  if (kept.length > 0) {
    await post(tx, {
      ...of,
      kind: "fee",
      entries: kept.flatMap(({ hold, amount }) => move(hold.grantId, "held", "spent", amount)),
      at: account.at,
      by,
    });
  }
  await changeHolds(tx, of, [
    ...back.map(({ hold, amount }) => ({ grantId: hold.grantId, held: -amount, captured: 0n })),
    ...kept.map(({ hold, amount }) => ({ grantId: hold.grantId, held: -amount, captured: amount })),
  ]);
  return slices;
}

/**
 * Spends what is held, in the order of taking.
 * @throws RangeError when less is held
 */
export async function captureCredits(
  tx: Tx,
  { projectId, reservationId, amount, by, now }: Of & Who & { amount: bigint },
): Promise<void> {
  requireAmounts(amount);
  if (amount === 0n) return;
  const { at } = await lockFunds(tx, projectId, now);
  const of = { projectId, reservationId };
  const parts = split(await readHolds(tx, of), amount, ({ held }) => held);
  await post(tx, {
    ...of,
    kind: "capture",
    entries: parts.flatMap(({ hold, amount }) => move(hold.grantId, "held", "spent", amount)),
    at,
    by,
  });
  await changeHolds(
    tx,
    of,
    parts.map(({ hold, amount }) => ({ grantId: hold.grantId, held: -amount, captured: amount })),
  );
}

/**
 * Gives back what was spent on a reservation, used or kept as a fee: in reverse order of taking, into a new grant where
 * the grant has run out.
 * @param key makes it once; a second call with it changes nothing and returns nothing
 * @throws RangeError when less was spent
 */
export async function refundCaptured(
  tx: Tx,
  {
    projectId,
    reservationId,
    amount,
    policy,
    by,
    now,
    key,
    note,
  }: Of & Who & { amount: bigint; policy: BookingPolicy; key?: string },
): Promise<GrantSlice[]> {
  requireAmounts(amount);
  const account = await lockFunds(tx, projectId, now);
  const of = { projectId, reservationId };
  if (key !== undefined && (await tx.ledgerTransaction.count({ where: { projectId, key } })) > 0) return [];
  const parts = split((await readHolds(tx, of)).toReversed(), amount, ({ captured }) => captured);
  const slices = await giveBack(tx, account, { ...of, by, kind: "refund", from: "spent", parts, policy, key, note });
  await changeHolds(
    tx,
    of,
    parts.map(({ hold, amount }) => ({ grantId: hold.grantId, held: 0n, captured: -amount })),
  );
  return slices;
}

/** What holdCredits would do now; changes and locks nothing. @throws AppError "insufficient_credits", as it would */
export async function previewHold(
  client: Tx | typeof db,
  { projectId, amount, now }: { projectId: string; amount: bigint; now: Date },
): Promise<{ slices: GrantSlice[]; availableAfter: bigint }> {
  requireAmounts(amount);
  const funds = await fundsAt(client, projectId, now);
  const { taken, shortfall } = takeFrom(funds, amount);
  if (shortfall > 0n) throw insufficient(amount, shortfall);
  return { slices: taken.map(takenSlice), availableAfter: total(funds) - amount };
}

/** What releaseCredits would do now; changes and locks nothing. @throws RangeError, as it would */
export async function previewRelease(
  client: Tx | typeof db,
  { projectId, reservationId, refund, fee, policy, now }: Of & ReleaseAmounts & { policy: BookingPolicy; now: Date },
): Promise<{ slices: GrantSlice[]; availableAfter: bigint }> {
  requireAmounts(refund, fee);
  const funds = await fundsAt(client, projectId, now);
  const { back } = divide(await readHolds(client, { projectId, reservationId }), { refund, fee });
  return {
    slices: back.map((part) => backSlice(part, now, policy)),
    availableAfter: total(funds) + refund,
  };
}

type ReleaseAmounts = { refund: bigint; fee: bigint };
type Part = { hold: Hold; amount: bigint };

function divide(holds: readonly Hold[], { refund, fee }: ReleaseAmounts): { back: Part[]; kept: Part[] } {
  const back = split(holds.toReversed(), refund, ({ held }) => held);
  const given = new Map(back.map(({ hold, amount }) => [hold.grantId, amount]));
  const kept = split(holds, fee, ({ grantId, held }) => held - (given.get(grantId) ?? 0n));
  return { back, kept };
}

/** Posts the way back of the parts, to their grants or to new ones in their place. */
async function giveBack(
  tx: Tx,
  { at }: LockedAccount,
  {
    parts,
    from,
    policy,
    ...posting
  }: Of & {
    by: string;
    kind: "release" | "refund";
    from: "held" | "spent";
    parts: readonly Part[];
    policy: BookingPolicy;
    key?: string | undefined;
    note?: string | undefined;
  },
): Promise<GrantSlice[]> {
  if (parts.length === 0) return [];
  const entries: Entry[] = [];
  const slices = parts.map((part) => backSlice(part, at, policy));
  for (const [index, { hold, amount }] of parts.entries()) {
    const slice = slices[index];
    if (!slice?.replaced) {
      entries.push(...move(hold.grantId, from, "available", amount));
      continue;
    }
    const made = await createEmptyGrant(
      tx,
      {
        projectId: posting.projectId,
        source: "refund",
        amount,
        expiresAt: slice.expiresAt,
        priority: hold.priority,
        parentId: hold.grantId,
        by: posting.by,
      },
      at,
    );
    entries.push(...move(hold.grantId, from, "funding", amount), ...move(made.id, "funding", "available", amount));
  }
  await post(tx, { ...posting, entries, at });
  return slices;
}

function backSlice({ hold, amount }: Part, at: Date, policy: BookingPolicy): GrantSlice {
  const replaced = hasRunOut(hold, at);
  return {
    grantId: hold.grantId,
    source: hold.source,
    amount,
    expiresAt: replaced ? graceEnd(at, policy.refund.grace_days) : hold.expiresAt,
    replaced,
  };
}

function takenSlice({
  grant,
  amount,
}: {
  grant: { id: string; source: string; expiresAt: Date | null };
  amount: bigint;
}): GrantSlice {
  return { grantId: grant.id, source: grant.source, amount: -amount, expiresAt: grant.expiresAt, replaced: false };
}

/** @throws RangeError for what would move the other way: the caller counted wrong */
function requireAmounts(...amounts: readonly bigint[]): void {
  for (const amount of amounts) {
    if (amount < 0n) throw new RangeError(`${amount} micro-credits cannot be moved.`);
  }
}

async function fundsAt(client: Tx | typeof db, projectId: string, now: Date) {
  const funds = await readFunds(client, projectId);
  return spendableFunds(funds, now, await rulesFor(client, funds, now));
}

function total(funds: readonly { available: bigint }[]): bigint {
  return funds.reduce((sum, { available }) => sum + available, 0n);
}

function insufficient(amount: bigint, shortfall: bigint): AppError {
  return new AppError(
    "insufficient_credits",
    `This takes ${creditsText(amount)} credits, and ${creditsText(shortfall)} are missing.`,
    { extras: { shortfall_micros: Number(shortfall) } },
  );
}
