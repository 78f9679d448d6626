import { MAX_MICROS, MICROS_PER_CREDIT } from "@/lib/contracts/money";

/**
 * Micro-credits of an amount that somebody typed in credits: digits with at most six decimals, thousands separated by
 * commas or spaces or not at all.
 * @returns null when it is not such an amount, is nothing, or is more than can be counted
 */
export function parseCredits(text: string): number | null {
  const plain = text.trim();
  if (!/^(\d+|\d{1,3}([ ,]\d{3})+)(\.\d{1,6})?$/.test(plain)) return null;
  const [whole = "0", fraction = ""] = plain.replaceAll(/[ ,]/g, "").split(".");
  const amount = BigInt(whole) * BigInt(MICROS_PER_CREDIT) + BigInt(fraction.padEnd(6, "0"));
  return amount > 0n && amount <= BigInt(MAX_MICROS) ? Number(amount) : null;
}
