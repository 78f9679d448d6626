import type { CostPeriod } from "@/lib/contracts/costs";

export const PERIOD_WORDS: Readonly<Record<CostPeriod, string>> = { day: "day", week: "week", month: "month" };

export const PERIOD_HINTS: Readonly<Record<CostPeriod, string>> = {
  day: "From 00:00 UTC",
  week: "From Monday 00:00 UTC",
  month: "From the first at 00:00 UTC",
};
