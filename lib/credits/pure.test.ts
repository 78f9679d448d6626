import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { creditsText } from "@/lib/contracts/money";
import { takeFrom } from "@/lib/credits/burn-order";
import { CSV_HEADER, toCsvLine } from "@/lib/credits/csv";
import { forecast } from "@/lib/credits/forecast";
import { type Fund, spendableFunds } from "@/lib/credits/funds";
import { nextPlanMonth } from "@/lib/credits/plan-month";
import { ceilToMidnight, graceEnd, rollOver } from "@/lib/credits/rollover";
import type { LedgerRow } from "@/lib/credits/view";

const DAY = 86_400_000;
const start = Date.parse("2026-12-01T00:00:00Z");
const at = (days: number) => new Date(start + days * DAY);
const rules = { ...DEFAULT_BOOKING_POLICY.plan, rollover_bps: 5000, rollover_cap_micros: 300, rollover_days: 10 };

const fund = (data: Partial<Fund> & { id: string }): Fund => ({
  source: "purchase",
  available: 10n,
  priority: 50,
  expiresAt: null,
  createdAt: at(-10),
  ...data,
});

describe("the order of burning", () => {
  it("is priority, earliest end, given before paid, oldest, and the id at last", () => {
    const grants = [
      fund({ id: "8 never" }),
      fund({ id: "7 late", expiresAt: at(9) }),
      fund({ id: "5 paid", expiresAt: at(3), createdAt: at(-30) }),
      fund({ id: "6 refund, later", expiresAt: at(3), source: "refund", createdAt: at(-1) }),
      fund({ id: "4 sla, newer", expiresAt: at(3), source: "sla", createdAt: at(-2) }),
      fund({ id: "3 promo, older", expiresAt: at(3), source: "promo", createdAt: at(-3) }),
      fund({ id: "2 same b", priority: 2 }),
      fund({ id: "1 same a", priority: 2 }),
    ];
    const { taken, shortfall } = takeFrom(grants, 75n);
    expect(shortfall).toBe(0n);
    expect(taken.map(({ grant, amount }) => [grant.id[0], amount])).toEqual([
      ...["1", "2", "3", "4", "5", "6", "7"].map((id) => [id, 10n]),
      ["8", 5n],
    ]);
    expect(takeFrom(grants, 81n)).toMatchObject({ shortfall: 1n });
  });

  it("takes the same whatever the order in which it is told, and never more than there is", () => {
    const grant = fc.record({
      source: fc.constantFrom("purchase", "promo", "plan"),
      available: fc.bigInt({ min: 1n, max: 100n }),
      priority: fc.integer({ min: 0, max: 2 }),
      expiresAt: fc.option(fc.integer({ min: 1, max: 3 }).map(at)),
      createdAt: fc.integer({ min: -3, max: 0 }).map(at),
    });
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 12 }), fc.bigInt({ min: 0n, max: 800n }), (list, amount) => {
        const grants = list.map((data, index) => ({ ...data, id: `g${index}` }));
        const one = takeFrom(grants, amount);
        expect(takeFrom(grants.toReversed(), amount)).toEqual(one);
        const sum = one.taken.reduce((total, part) => total + part.amount, 0n);
        expect(sum + one.shortfall).toBe(amount);
        for (const part of one.taken) expect(part.amount <= part.grant.available && part.amount > 0n).toBe(true);
      }),
    );
  });
});

describe("rolling over", () => {
  const plan = (available: bigint) => ({ source: "plan", available, expiresAt: at(0) });

  it("is the share, rounded down, up to the cap, of a plan's grant alone", () => {
    expect(rollOver(plan(401n), rules)).toEqual({ amount: 200n, expiresAt: at(10) });
    expect(rollOver(plan(1000n), rules)).toMatchObject({ amount: 300n });
    expect(rollOver(plan(1n), rules)).toBeNull();
    expect(rollOver(plan(0n), rules)).toBeNull();
    expect(rollOver({ ...plan(400n), source: "rollover" }, rules)).toBeNull();
    expect(rollOver(plan(400n), { ...rules, rollover_bps: 0 })).toBeNull();
    expect(rollOver(plan(400n), { ...rules, rollover_bps: 10_000, rollover_cap_micros: 400 })).toMatchObject({
      amount: 400n,
    });
  });

  it("is decided from the very moment on which the month ends", () => {
    const funds = [fund({ id: "p", source: "plan", available: 400n, expiresAt: at(0) })];
    const spendable = (ms: number) =>
      spendableFunds(funds, new Date(start + ms), rules).map(({ available }) => available);
    expect(spendable(-1)).toEqual([400n]);
    expect(spendable(0)).toEqual([200n]);
    expect(spendable(10 * DAY - 1)).toEqual([200n]);
    expect(spendable(10 * DAY)).toEqual([]);
  });

  it("ends at midnights, in leap years and over the turn of the year", () => {
    expect(ceilToMidnight(at(1))).toEqual(at(1));
    expect(ceilToMidnight(new Date(start + 1))).toEqual(at(1));
    expect(graceEnd(new Date(start + 5), 30)).toEqual(at(31));
    expect(nextPlanMonth(new Date("2026-12-31T23:59:59.999Z"))).toEqual(new Date("2027-01-01T00:00:00Z"));
    expect(nextPlanMonth(new Date("2028-02-29T12:00:00Z"))).toEqual(new Date("2028-03-01T00:00:00Z"));
  });
});

describe("the forecast", () => {
  const now = new Date(start + 7 * 3_600_000);
  const ask = (data: Partial<Parameters<typeof forecast>[0]>) =>
    forecast({ funds: [], heldAt: () => 0n, now, days: 5, rules, pace: 0n, ...data });

  it("lets grants run out and roll over, and bookings use what is held", () => {
    const { points, enoughUntil } = ask({
      funds: [
        fund({ id: "a", available: 100n, expiresAt: at(2) }),
        fund({ id: "p", source: "plan", available: 40n, expiresAt: at(3) }),
        fund({ id: "n", available: 7n }),
      ],
      heldAt: (when) => (when < at(4) ? 9n : 0n),
    });
    expect(points.map(({ at: when, available, held }) => [when, available, held])).toEqual([
      [now, 147n, 9n],
      [at(1), 147n, 9n],
      [at(2), 47n, 9n],
      [at(3), 27n, 9n],
      [at(4), 27n, 0n],
      [at(5), 27n, 0n],
    ]);
    expect(enoughUntil).toBeNull();
  });

  it("says on which day the pace finds too little, with what runs out meanwhile", () => {
    expect(ask({ funds: [fund({ id: "a", available: 35n })], pace: 10n }).enoughUntil).toEqual(at(3));
    expect(ask({ funds: [fund({ id: "a", available: 50n })], pace: 10n }).enoughUntil).toBeNull();
    const running = [fund({ id: "a", available: 50n, expiresAt: at(2) }), fund({ id: "b", available: 15n })];
    expect(ask({ funds: running, pace: 10n }).enoughUntil).toEqual(at(3));
    expect(ask({ pace: 1n }).enoughUntil).toEqual(at(0));
  });
});

describe("CSV", () => {
  const row: LedgerRow = {
    id: "ltx_1",
    seq: 12n,
    kind: "hold",
    available_delta: -1_500_000n,
    held_delta: 1_500_000n,
    available_after: 9_007_199_254_740_990n,
    held_after: 1n,
    reservation_id: "rsv_1",
    reservation_title: 'Train, "big"\nrun',
    note: "=1+2",
    created_by: "usr_1",
    created_at: at(0),
    entries: [
      { grant_id: "crg_1", source: "plan", account: "available", amount: "-1500000" },
      { grant_id: "crg_1", source: "plan", account: "held", amount: "1500000" },
    ],
  };

  it("has exact amounts, quotes what needs it, and no formulas", () => {
    const line = toCsvLine(row, (by) => ({ id: by, name: "+Ada" }));
    expect(line).toBe(
      '12,2026-12-01T00:00:00.000Z,hold,-1.5,-1500000,1.5,1500000,9007199254.74099,9007199254740990,0.000001,1,rsv_1,"Train, ""big""\nrun",crg_1,\'=1+2,\'+Ada,ltx_1\r\n',
    );
    expect(CSV_HEADER.trim().split(",")).toHaveLength(17);
  });
});

describe("amounts in credits", () => {
  it.each([
    [0n, "0"],
    [1n, "0.000001"],
    [-1n, "-0.000001"],
    [1_000_000n, "1"],
    [-12_500_000n, "-12.5"],
    [9_007_199_254_740_991n, "9007199254.740991"],
  ])("%i are %s", (amount, text) => {
    expect(creditsText(amount)).toBe(text);
  });
});
