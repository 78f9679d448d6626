import { expect, test } from "vitest";
import { bpsWords, creditsWords, formatCredits, formatSigned } from "./money-words";
import { discountReason } from "./price-breakdown";
import { priceFor, segmentOf } from "./testing";
import { clockLeft, lengthWords, momentWords, rangeWords, zoneWords } from "./time-words";

test("amounts are exact, grouped, and have two decimals at least", () => {
  expect(formatCredits(1_008_000_000)).toBe("1,008.00");
  expect(formatCredits(333_333)).toBe("0.333333");
  expect(formatCredits(-1_500_000)).toBe("−1.50");
  expect(formatCredits(0)).toBe("0.00");
  expect(formatCredits(9_007_199_254_740_991n)).toBe("9,007,199,254.740991");
  expect(formatSigned(5)).toBe("+0.000005");
  expect(formatSigned(-5)).toBe("−0.000005");
  expect(creditsWords(1_000_000)).toBe("1.00 credit");
  expect(creditsWords(0)).toBe("0.00 credits");
  expect(bpsWords(1250)).toBe("12.5 %");
});

test("times are told by the clock of a zone", () => {
  const from = Date.parse("2026-12-01T22:30:00Z");
  expect(momentWords(from, "Europe/Berlin")).toBe("Tue 1 Dec 2026, 23:30");
  expect(rangeWords(from, from + 1_200_000, "Europe/Berlin")).toBe("Tue 1 Dec 2026, 23:30 to 23:50");
  expect(rangeWords(from, from + 3_600_000, "Europe/Berlin")).toBe("Tue 1 Dec 2026, 23:30 to Wed 2 Dec 2026, 00:30");
  expect(zoneWords("Asia/Kolkata", from)).toBe("Asia/Kolkata, +05:30");
  expect(zoneWords("UTC", from)).toBe("UTC");
});

test("lengths and what is left are told without fractions", () => {
  expect(lengthWords(45 * 60_000)).toBe("45 min");
  expect(lengthWords(90 * 60_000)).toBe("1 h 30 min");
  expect(lengthWords(72 * 3_600_000)).toBe("72 h (3 days)");
  expect(lengthWords(-24 * 3_600_000)).toBe("24 h");
  expect(clockLeft(872_000)).toBe("14:32");
  expect(clockLeft(1)).toBe("0:01");
  expect(clockLeft(-5)).toBe("0:00");
  expect(clockLeft(3_723_000)).toBe("1:02:03");
});

test("a discount says where it comes from", () => {
  const price = priceFor([segmentOf("2026-11-04T00:00:00.000Z", "2026-11-07T00:00:00.000Z")]);
  expect(discountReason(price)).toBe("12.5 % for 72 h");
  const early = priceFor([segmentOf("2026-12-01T00:00:00.000Z", "2026-12-01T08:00:00.000Z")]);
  expect(discountReason(early)).toBe("10 % for 8 h and 2.5 % for 720 h ahead");
  const most = priceFor([segmentOf("2026-12-01T00:00:00.000Z", "2027-01-15T00:00:00.000Z")]);
  expect(discountReason(most)).toBe("20 % for 1,080 h and 2.5 % for 720 h ahead; the most is given");
  const kept = { ...price, discount_bps: 2000, discount: { ...price.discount, kept_bps: 2000 } };
  expect(discountReason(kept)).toBe("Kept from before: a change never worsens it.");
});
