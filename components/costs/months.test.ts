import { expect, test } from "vitest";
import { monthsUntil } from "./months";

test("months go back over the turn of the year, each up to the next", () => {
  const months = monthsUntil(Date.parse("2027-01-31T23:59:59Z"));
  expect(months).toHaveLength(13);
  expect(months[0]).toEqual({
    value: "2027-01",
    label: "January 2027",
    from: "2027-01-01T00:00:00.000Z",
    to: "2027-02-01T00:00:00.000Z",
  });
  expect(months.at(-1)?.value).toBe("2026-01");
  for (const [i, { to }] of months.slice(1).entries()) expect(to).toBe(months[i]?.from);
});
