import { parseOptions } from "@node-rs/argon2";
import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "@/lib/accounts/password";

/** Algorithm.Argon2id of the library, whose enums do not exist at run time. */
const ARGON2ID = 2;

test("a password is recognised by its hash, which is argon2id at OWASP's cost with a salt of its own", async () => {
  const stored = await hashPassword("correct horse battery");
  expect(parseOptions(stored)).toMatchObject({ algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  expect(stored).not.toBe(await hashPassword("correct horse battery"));
  expect(await verifyPassword(stored, "correct horse battery")).toBe(true);
  expect(await verifyPassword(stored, "Correct horse battery")).toBe(false);
  expect(await verifyPassword(stored, "")).toBe(false);
});

test("without a hash no password is right", async () => {
  expect(await verifyPassword(null, "")).toBe(false);
  expect(await verifyPassword(null, "correct horse battery")).toBe(false);
});
