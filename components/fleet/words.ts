import { formatNumber } from "@/components/ui/format";
import type { ComputeProviderName } from "@/lib/contracts/fleet";
import type { UnitHolding } from "@/lib/contracts/fleet-admin";
import type { InTheWay } from "@/lib/contracts/in-the-way";
import type { MaintenanceState } from "@/lib/contracts/maintenance";

/** `1 pool`, `12 pools` */
export function countWords(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Minutes as people say them: `45 min`, `8 h`, `1 h 30 min`, `30 days`; "–" while it is no number. */
export function minutesWords(minutes: number): string {
  if (!Number.isFinite(minutes) || minutes < 0) return "–";
  if (minutes === 0) return "none";
  if (minutes % 1440 === 0) return countWords(minutes / 1440, "day");
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${formatNumber(hours)} h` : `${formatNumber(hours)} h ${rest} min`;
}

/** What a dry run found that would move. */
export function movedWords(moved: number): string {
  if (moved === 0) return "No booking has to move.";
  return moved === 1
    ? "1 booking moves to other GPUs of the pool. It loses nothing."
    : `${formatNumber(moved)} bookings move to other GPUs of the pool. They lose nothing.`;
}

export const MAINTENANCE_WORDS: Readonly<
  Record<MaintenanceState, { word: string; tone: "waiting" | "progress" | "off" }>
> = {
  planned: { word: "Planned", tone: "waiting" },
  under_way: { word: "Under way", tone: "progress" },
  ended: { word: "Ended", tone: "off" },
};

export const HOLDING_WORDS: Readonly<Record<UnitHolding["kind"], string>> = {
  booking: "Booked",
  maintenance: "Maintenance",
  outage: "Out of order",
};

/** What holds a GPU: whose booking, or which work. */
export function holderWords({ kind, title, project }: Pick<InTheWay, "kind" | "title" | "project">): string {
  if (kind === "booking") {
    const owner = project?.name ?? "another project";
    return title === "" ? `Booking of ${owner}` : `${title} (${owner})`;
  }
  return title === "" ? HOLDING_WORDS[kind] : `${HOLDING_WORDS[kind]}: ${title}`;
}

/** `node-01, node-02 and 3 more` */
export function namesWords(names: readonly string[], shown = 3): string {
  if (names.length <= shown) return names.join(", ");
  return `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}

/** What starts and stops the machines of a pool. */
export const PROVIDER_WORDS: Readonly<Record<ComputeProviderName, string>> = {
  simulated: "Simulated",
  vast: "vast.ai",
  http: "Own machines",
};
