import { z } from "zod";

/** Money is counted in micro-credits: 1,000,000 are one credit. */
export const MICROS_PER_CREDIT = 1_000_000;

/**
 * No amount and no sum of amounts may exceed this, so that JSON numbers carry every one of them exactly: 9,007,199,254
 * credits. Inside, and in the database, amounts are bigint.
 */
export const MAX_MICROS = Number.MAX_SAFE_INTEGER;

/** An amount that is not negative, as it travels in JSON. */
export const micros = z.int().min(0).max(MAX_MICROS).meta({ description: "Micro-credits: 1,000,000 are one credit." });

/** A change of a balance: may be negative. */
export const signedMicros = z
  .int()
  .min(-MAX_MICROS)
  .max(MAX_MICROS)
  .meta({ description: "Micro-credits, negative where it went down." });

/** Basis points: 10,000 are the whole. */
export const bps = z.int().min(0).max(10_000).meta({ description: "Basis points: 10,000 are the whole." });

/** @throws RangeError above MAX_MICROS, which no checked amount reaches */
export function toJsonMicros(amount: bigint): number {
  if (amount > BigInt(MAX_MICROS) || amount < -BigInt(MAX_MICROS)) {
    throw new RangeError(`${amount} micro-credits are more than JSON carries exactly.`);
  }
  return Number(amount);
}

/** An amount in credits as exact decimal text without needless zeros: "12.5", "-0.000001". */
export function creditsText(amount: bigint | number): string {
  const whole = BigInt(amount);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  return `${whole < 0n ? "-" : ""}${digits.slice(0, -6)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The smaller amount; Math.min knows no bigint. */
export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
