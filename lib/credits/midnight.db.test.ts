import { spawnSync } from "node:child_process";
import { beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { keepBooks } from "@/lib/credits/midnight";
import { grantCredits, holdCredits, releaseCredits, spendable } from "@/lib/credits/movements";
import { auditLedger, createTestReservation, OF_RESERVATIONS } from "@/lib/credits/testing";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { createTestProject } from "@/lib/webhooks/testing";

const by = "usr_test";
const utc = (text: string) => new Date(`2026-${text}Z`);
const policy = {
  ...DEFAULT_BOOKING_POLICY,
  plan: { monthly_micros: 1000, rollover_bps: 5000, rollover_cap_micros: 300, rollover_days: 10 },
};

describe("the bookkeeping at midnight", () => {
  let projectId: string;
  beforeEach(async () => {
    await db.period.deleteMany({});
    await db.project.deleteMany({});
    await db.bookingPolicy.deleteMany({});
    projectId = await premium();
  });
  const premium = async (since = utc("10-01T00:00:00")) => {
    const made = await createTestProject();
    await db.project.update({ where: { id: made.projectId }, data: { createdAt: since } });
    return made.projectId;
  };
  const grantPlans = () => db.bookingPolicy.create({ data: { policy, updatedBy: by } });
  const grant = (amount: bigint, expiresAt: Date | null, data: Partial<Parameters<typeof grantCredits>[1]> = {}) =>
    transaction((tx) =>
      grantCredits(tx, {
        projectId,
        source: "purchase",
        amount,
        expiresAt,
        note: "",
        by,
        now: utc("11-20T08:00:00"),
        ...data,
      }),
    );
  const lines = async (project = projectId) =>
    (await db.ledgerTransaction.findMany({ where: { projectId: project }, orderBy: { seq: "asc" } })).map(
      ({ kind, key, availableDelta }) => [kind, key, Number(availableDelta)],
    );
  const days = async () =>
    (await db.period.findMany({ where: { kind: "credits" }, orderBy: { day: "asc" } })).map(({ day }) =>
      day.toISOString().slice(5, 10),
    );

  it("books what runs out once, when it runs twice at once as when it runs again", async () => {
    const made = await grant(10n, utc("11-25T00:00:00"));
    const before = utc("11-24T23:59:59.999");
    await keepBooks(before);
    expect(await spendable(db, projectId, before)).toBe(10n);
    expect(await spendable(db, projectId, utc("11-25T00:00:00"))).toBe(0n);
    const results = await Promise.all([1, 2, 3, 4].map(() => keepBooks(utc("11-25T00:00:01"))));
    await keepBooks(utc("11-25T00:30:00"));
    expect(results.reduce((sum, { expired_grants }) => sum + expired_grants, 0)).toBe(1);
    expect(await lines()).toEqual([
      ["grant", null, 10],
      ["expire", `expire:${made.id}`, -10],
    ]);
    expect(await days()).toEqual(["11-24", "11-25"]);
  });

  it("makes up for every day that it missed, in order, and begins anew where it has no past", async () => {
    expect(await keepBooks(utc("11-27T14:00:00"))).toMatchObject({ days: 1 });
    await grant(10n, utc("11-29T00:00:00"));
    await grant(20n, utc("11-30T00:00:00"));
    expect(await keepBooks(utc("11-30T09:00:00"))).toMatchObject({ days: 3, expired_grants: 2, expired: "30" });
    expect(await days()).toEqual(["11-27", "11-28", "11-29", "11-30"]);
    expect(await keepBooks(utc("11-30T23:59:00"))).toMatchObject({ days: 0 });
  });

  it("gives premium projects what the plan grants, once, late as well, and only those that were there", async () => {
    await grantPlans();
    await keepBooks(utc("11-30T12:00:00"));
    const free = await premium();
    await db.project.update({ where: { id: free }, data: { plan: "free" } });
    const later = await premium(utc("12-02T00:00:00"));
    const results = await Promise.all([1, 2, 3].map(() => keepBooks(utc("12-03T07:00:00"))));
    expect(results.reduce((sum, { plan_grants }) => sum + plan_grants, 0)).toBeGreaterThanOrEqual(1);
    expect(await lines()).toEqual([["grant", "plan:2026-12", 1000]]);
    expect(await lines(free)).toEqual([]);
    expect(await lines(later)).toEqual([]);
    const made = await db.creditGrant.findFirstOrThrow({ where: { projectId } });
    expect(made).toMatchObject({ source: "plan", expiresAt: new Date("2027-01-01T00:00:00Z") });
  });

  it("gives the others theirs when one project is full", async () => {
    await grantPlans();
    await keepBooks(utc("11-30T12:00:00"));
    await grant(BigInt(Number.MAX_SAFE_INTEGER) - 5n, null);
    const other = await premium();
    expect(await keepBooks(utc("12-01T00:00:01"))).toMatchObject({ days: 1, plan_grants: 1 });
    expect(await lines(other)).toEqual([["grant", "plan:2026-12", 1000]]);
  });

  it("rolls over what the policy says, once and never again, and lets the rest expire", async () => {
    await grantPlans();
    const plan = await grant(1000n, utc("12-01T00:00:00"), { source: "plan" });
    const reservationId = await createTestReservation(projectId);
    await transaction((tx) =>
      holdCredits(tx, { projectId, reservationId, amount: 500n, by, now: utc("11-20T09:00:00") }),
    );
    await keepBooks(utc("11-30T12:00:00"));
    // At read time it is so from the very moment, before anything is booked.
    expect(await spendable(db, projectId, utc("12-01T00:00:00"))).toBe(250n);
    await Promise.all([keepBooks(utc("12-01T00:00:05")), keepBooks(utc("12-01T00:00:05"))]);
    const rolled = await db.creditGrant.findFirstOrThrow({ where: { parentId: plan.id } });
    expect(rolled).toMatchObject({
      source: "rollover",
      amount: 250n,
      available: 250n,
      expiresAt: utc("12-11T00:00:00"),
    });
    expect(await db.creditGrant.findUniqueOrThrow({ where: { id: plan.id } })).toMatchObject({
      available: 0n,
      held: 500n,
    });
    await keepBooks(utc("12-11T00:00:00"));
    expect(await lines()).toEqual([
      ["grant", null, 1000],
      ["hold", null, -500],
      ["rollover", `rollover:${plan.id}`, 0],
      ["expire", `expire:${plan.id}`, -250],
      ["grant", "plan:2026-12", 1000],
      ["expire", `expire:${rolled.id}`, -250],
    ]);
    // What was held comes back after all: into a new grant.
    const now = utc("12-12T00:00:00");
    const slices = await transaction((tx) =>
      releaseCredits(tx, { projectId, reservationId, refund: 500n, fee: 0n, policy, by, now }),
    );
    expect(slices).toMatchObject([{ grantId: plan.id, replaced: true, expiresAt: new Date("2027-01-11T00:00:00Z") }]);
    expect(await auditLedger({ except: [OF_RESERVATIONS] })).toEqual([]);
  });

  it("rolls over at most the cap", async () => {
    await grantPlans();
    await grant(1000n, utc("12-01T00:00:00"), { source: "plan" });
    await keepBooks(utc("12-01T00:00:00"));
    expect(await db.creditGrant.findFirstOrThrow({ where: { source: "rollover" } })).toMatchObject({ amount: 300n });
  });

  it("lets even what rolled over run out after a silence that was long enough", async () => {
    await grantPlans();
    await keepBooks(utc("10-31T12:00:00"));
    const plan = await grant(1000n, utc("11-01T00:00:00"), { source: "plan", now: utc("10-20T00:00:00") });
    const result = await keepBooks(utc("12-20T03:00:00"));
    expect(result).toMatchObject({ days: 50, plan_grants: 2 });
    expect(await spendable(db, projectId, utc("12-20T03:00:00"))).toBe(1000n);
    const kinds = (await lines()).map(([kind, key]) => `${kind} ${key}`);
    expect(kinds.slice(1, 3)).toEqual([`rollover rollover:${plan.id}`, `expire expire:${plan.id}`]);
    expect(kinds.filter((line) => line.includes("plan:2026-11"))).toHaveLength(1);
    expect(await auditLedger()).toEqual([]);
  });

  it("does not run backwards when the clocks of two machines differ", async () => {
    await grant(10n, utc("11-25T00:00:00"));
    const reservationId = await createTestReservation(projectId);
    const early = utc("11-24T23:59:58");
    await transaction((tx) => holdCredits(tx, { projectId, reservationId, amount: 4n, by, now: early }));
    await keepBooks(utc("11-25T00:00:01"));
    // To the slower clock the grant is still good; the ledger knows better.
    const release = () =>
      transaction((tx) =>
        releaseCredits(tx, { projectId, reservationId, refund: 2n, fee: 0n, policy, by, now: early }),
      );
    expect(await release()).toMatchObject([{ replaced: true }]);
    expect(await release()).toMatchObject([{ replaced: true }]);
    await keepBooks(utc("11-26T00:00:01"));
    expect(await spendable(db, projectId, utc("11-26T00:00:01"))).toBe(4n);
    expect(await auditLedger({ except: [OF_RESERVATIONS] })).toEqual([]);
  });

  it("carries on where it was killed", async () => {
    await grantPlans();
    await keepBooks(utc("11-30T12:00:00"));
    const projects = [projectId];
    for (let index = 0; index < 59; index += 1) projects.push(await premium());
    for (const project of projects) await grant(100n, utc("12-01T00:00:00"), { source: "plan", projectId: project });
    const script = `import("@/lib/credits/midnight").then(({ keepBooks }) => keepBooks(new Date("2026-12-01T00:00:00Z")));
      const { db } = await import("@/lib/db/client");
      const timer = setInterval(async () => {
        if (await db.ledgerTransaction.count({ where: { kind: "expire" } }) >= 10) process.kill(process.pid, "SIGKILL");
      }, 1);`;
    const child = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(child.signal, child.stderr).toBe("SIGKILL");
    const booked = await db.ledgerTransaction.count({ where: { kind: "expire" } });
    expect(booked).toBeGreaterThanOrEqual(10);
    expect(booked).toBeLessThan(projects.length);
    expect(await days()).toEqual(["11-30"]);
    await keepBooks(utc("12-01T00:20:00"));
    expect(await days()).toEqual(["11-30", "12-01"]);
    for (const project of projects) {
      const kinds = (await lines(project)).map(([kind]) => kind);
      expect(kinds).toEqual(["grant", "rollover", "expire", "grant"]);
    }
    expect(await auditLedger()).toEqual([]);
  }, 90_000);

  it("takes the time from the database unless told", async () => {
    await keepBooks();
    const [row] = await db.$queryRaw<
      [{ today: boolean }]
    >`SELECT day = (now() AT TIME ZONE 'UTC')::date AS today FROM period WHERE kind = 'credits'`;
    expect(row).toEqual({ today: true });
  });
});
