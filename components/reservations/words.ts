import { formatNumber } from "@/components/ui/format";
import type { StatusTone } from "@/components/ui/status-badge";
import type { Blocker, OfferKind } from "@/lib/contracts/availability";
import type { Permission } from "@/lib/contracts/permissions";
import type { Reservation, ReservationStatus } from "@/lib/contracts/reservations";

export const STATUS_WORDS: Readonly<Record<ReservationStatus, { word: string; tone: StatusTone; sentence: string }>> = {
  held: {
    word: "Held",
    tone: "caution",
    sentence: "Its GPUs and credits are kept until it is confirmed or its time to confirm runs out.",
  },
  confirmed: { word: "Confirmed", tone: "positive", sentence: "Its GPUs and credits are kept. It starts by itself." },
  active: {
    word: "Active",
    tone: "progress",
    sentence: "It has started. What is used is taken from the held credits.",
  },
  completed: { word: "Completed", tone: "waiting", sentence: "It has ended." },
  cancelled: { word: "Cancelled", tone: "off", sentence: "It was given back." },
  expired: { word: "Expired", tone: "off", sentence: "It was held and not confirmed in time. Nothing was charged." },
};

export const OFFER_WORDS: Readonly<Record<OfferKind, string>> = {
  as_asked: "As asked",
  earliest: "Earliest",
  cheapest: "Cheapest",
  longest: "Longest",
  nearest: "Nearest",
  shift: "Another time",
  shorten: "Shorter",
  fewer: "Fewer GPUs",
  other_pool: "Another pool",
  other_type: "Another GPU type",
  any_topology: "Several machines",
  split: "In parts",
};

export const BLOCKER_WORDS: Readonly<Record<Blocker["kind"], string>> = {
  mine: "Your booking",
  team: "A booking of this project",
  others: "Booked by others",
  maintenance: "Maintenance",
  outage: "Out of service",
  reserve: "Kept for failures",
  capacity: "Size of the pool",
  fragmentation: "Spread over machines",
};

/** `8 × H100`; a name that is not known is left out. */
export function gpusWords(count: number, type?: string): string {
  return type === undefined || type === ""
    ? `${formatNumber(count)} GPU${count === 1 ? "" : "s"}`
    : `${formatNumber(count)} × ${type}`;
}

/** What a reservation is called: its title, or what it is. */
export function nameOf({ title, gpu_count, pool }: Pick<Reservation, "title" | "gpu_count" | "pool">): string {
  return title === "" ? gpusWords(gpu_count, pool.gpu_type) : title;
}

/** Whether it still keeps GPUs: nothing about the others can be changed. */
export function isOpen({ status }: Pick<Reservation, "status">): boolean {
  return status === "held" || status === "confirmed" || status === "active";
}

/** Why the reader cannot book or change anything; undefined when they can. The server decides the same. */
export function writeBlock(can: (permission: Permission) => boolean): string | undefined {
  return can("reservations:write") ? undefined : "Your role can look at reservations but not book or change them.";
}
