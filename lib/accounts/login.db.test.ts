import { beforeEach, describe, expect, test } from "vitest";
import { logIn } from "@/lib/accounts/login";
import { FREE_FAILURES, limitLogin } from "@/lib/accounts/login-limit";
import { hashPassword } from "@/lib/accounts/password";
import { createPerson } from "@/lib/accounts/testing";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";

const PASSWORD = "correct horse battery";

beforeEach(async () => {
  await db.rateLimit.deleteMany();
});

type Answer = "admitted" | "wrong" | { wait: number };

/** An attempt whose outcome is given, so that the limit is all that is tried. */
async function attempt(who: { email: string; address: string }, right = false): Promise<Answer> {
  try {
    return (await limitLogin(who, async () => (right ? "in" : null))) === "in" ? "admitted" : "wrong";
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "rate_limited") throw error;
    expect(error.message).toBe(`Too many attempts, try again in ${error.retryAfterS} s.`);
    return { wait: error.retryAfterS ?? 0 };
  }
}

/** Lets the time pass that every counter still has to wait for, without waiting. */
async function openGates(): Promise<void> {
  await db.rateLimit.deleteMany({ where: { key: { startsWith: "login-gate:" } } });
}

describe("e-mail and password", () => {
  test("log in only together, and tell nothing else apart", async () => {
    const person = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
    const without = await createPerson();
    const from = "192.0.2.1";
    expect(await logIn({ email: person.email, password: PASSWORD }, from)).toMatchObject({ id: person.id });
    expect(await logIn({ email: ` ${person.email.toUpperCase()}`, password: PASSWORD }, from)).not.toBeNull();
    for (const credentials of [
      { email: person.email, password: "wrong horse battery" },
      { email: "nobody@example.com", password: PASSWORD },
      { email: without.email, password: PASSWORD },
      { email: without.email, password: "" },
      { email: person.email },
      { email: { contains: "@" }, password: PASSWORD },
      { email: person.email, password: "x".repeat(100_000) },
      undefined,
    ]) {
      expect(await logIn(credentials, from)).toBeNull();
    }
  });

  test("are not even tried while the account waits", async () => {
    const person = await createPerson({ passwordHash: await hashPassword(PASSWORD) });
    const credentials = { email: person.email, password: "wrong horse battery" };
    for (let index = 0; index < FREE_FAILURES.account + 1; index += 1) {
      expect(await logIn(credentials, `192.0.${index}.1`)).toBeNull();
    }
    await expect(logIn({ ...credentials, password: PASSWORD }, "198.51.100.1")).rejects.toMatchObject({
      code: "rate_limited",
      message: expect.stringMatching(/^Too many attempts, try again in \d+ s\.$/),
    });
    await openGates();
    expect(await logIn({ ...credentials, password: PASSWORD }, "198.51.100.1")).toMatchObject({ id: person.id });
  });
});

describe("the limit", () => {
  test("makes an account wait longer after each failure, up to a minute, whatever the address", async () => {
    const longest = [2, 4, 8, 16, 32, 60, 60, 60];
    const waits: number[] = [];
    for (let failures = 1; failures <= FREE_FAILURES.account + longest.length; failures += 1) {
      expect(await attempt({ email: "a@example.com", address: `198.51.${failures}.1` })).toBe("wrong");
      if (failures <= FREE_FAILURES.account) continue;
      const refused = await attempt({ email: "a@example.com", address: "203.0.113.1" });
      waits.push(typeof refused === "object" ? refused.wait : 0);
      await openGates();
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(longest[index] ?? 0);
    }
    expect(waits.at(-1)).toBeGreaterThan(longest[0] ?? 0);
  });

  test("makes a network wait, whatever the account", async () => {
    for (let index = 0; index <= FREE_FAILURES.network; index += 1) {
      const who = { email: `guess${index}@example.com`, address: `198.51.100.${index}` };
      expect(await attempt(who)).toBe("wrong");
    }
    expect(await attempt({ email: "new@example.com", address: "198.51.100.250" })).toMatchObject({
      wait: expect.any(Number),
    });
    expect(await attempt({ email: "new@example.com", address: "198.51.101.1" }, true)).toBe("admitted");
  });

  test("lets no burst through: attempts at once count before they are made", async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => attempt({ email: "burst@example.com", address: `10.${index}.0.1` })),
    );
    const admitted = answers.filter((answer) => answer === "wrong").length;
    expect(admitted).toBeGreaterThanOrEqual(FREE_FAILURES.account);
    expect(admitted).toBeLessThanOrEqual(FREE_FAILURES.account + 1);
  });

  test("forgets an account's failures when its owner gets in, and never counts successes", async () => {
    const who = { email: "b@example.com", address: "192.0.2.9" };
    for (let round = 0; round < FREE_FAILURES.network; round += 1) expect(await attempt(who, true)).toBe("admitted");
    for (let index = 0; index < FREE_FAILURES.account; index += 1) expect(await attempt(who)).toBe("wrong");
    expect(await attempt(who, true)).toBe("admitted");
    for (let index = 0; index < FREE_FAILURES.account; index += 1) expect(await attempt(who)).toBe("wrong");
  });

  test("does not count what failed on our side", async () => {
    const who = { email: "c@example.com", address: "192.0.2.10" };
    for (let index = 0; index < FREE_FAILURES.account * 2; index += 1) {
      const broken = limitLogin(who, () => Promise.reject(new Error("database down")));
      await expect(broken).rejects.toThrow("database down");
    }
    expect(await attempt(who)).toBe("wrong");
  });

  test("stores no e-mail addresses", async () => {
    await attempt({ email: "secret.person@example.com", address: "192.0.2.11" });
    const keys = (await db.rateLimit.findMany()).map(({ key }) => key);
    expect(keys).toHaveLength(2);
    expect(keys.join()).not.toContain("secret");
  });
});
