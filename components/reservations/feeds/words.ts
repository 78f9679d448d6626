import type { Feed, FeedScope } from "@/lib/contracts/calendar-feeds";

export const SCOPE_WORDS: Readonly<Record<FeedScope, { label: string; description: string }>> = {
  mine: { label: "My reservations", description: "What you have booked in this project." },
  team: { label: "All of the project", description: "What anybody of the project has booked." },
  pool: {
    label: "A pool",
    description:
      "When how many of its GPUs are taken, by anybody, and its maintenance. Of other projects no more than that.",
  },
};

export const ALARMS = [
  { value: "", label: "No reminder" },
  { value: "0", label: "At the start" },
  { value: "15", label: "15 minutes before" },
  { value: "60", label: "1 hour before" },
  { value: "1440", label: "1 day before" },
];

/** `A pool: Frankfurt H100 · reminds 15 minutes before` */
export function feedWords({ scope, pool, alarm_minutes }: Feed): string {
  const what = pool === null ? SCOPE_WORDS[scope].label : `${SCOPE_WORDS[scope].label}: ${pool.name}`;
  if (alarm_minutes === null) return what;
  const alarm = ALARMS.find(({ value }) => value === String(alarm_minutes))?.label ?? `${alarm_minutes} minutes before`;
  return `${what} · reminds ${alarm.toLowerCase()}`;
}
