import { MICROS_PER_CREDIT } from "@/lib/contracts/money";

const grouped = new Intl.NumberFormat("en");

/**
 * An amount of micro-credits in credits, exact: two decimals, and more only where there are any: `1,008.00`,
 * `0.333333`. Negative amounts carry a minus.
 */
export function formatCredits(micros: number | bigint): string {
  const amount = BigInt(micros);
  const size = amount < 0n ? -amount : amount;
  const whole = size / BigInt(MICROS_PER_CREDIT);
  const rest = String(size % BigInt(MICROS_PER_CREDIT)).padStart(6, "0");
  return `${amount < 0n ? "−" : ""}${grouped.format(whole)}.${rest.slice(0, 2)}${rest.slice(2).replace(/0+$/, "")}`;
}

/** The same with its sign: `+12.00`, `−3.50`. */
export function formatSigned(micros: number | bigint): string {
  return BigInt(micros) > 0n ? `+${formatCredits(micros)}` : formatCredits(micros);
}

/** `1.00 credit`, `1,008.00 credits` */
export function creditsWords(micros: number | bigint): string {
  const amount = BigInt(micros);
  const one = amount === BigInt(MICROS_PER_CREDIT) || amount === -BigInt(MICROS_PER_CREDIT);
  return `${formatCredits(micros)} ${one ? "credit" : "credits"}`;
}

/** Basis points as per cent: `12.5 %`. */
export function bpsWords(bps: number): string {
  return `${bps / 100} %`;
}
