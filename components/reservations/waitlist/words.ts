import type { StatusTone } from "@/components/ui/status-badge";
import type { WaitlistCriteria, WaitlistStatus } from "@/lib/contracts/waitlist";
import { lengthWords, momentWords } from "../time-words";
import { gpusWords } from "../words";

export const ENTRY_WORDS: Readonly<Record<WaitlistStatus, { word: string; tone: StatusTone }>> = {
  waiting: { word: "Waiting", tone: "waiting" },
  offered: { word: "Offer", tone: "caution" },
  accepted: { word: "Accepted", tone: "positive" },
  cancelled: { word: "Left", tone: "off" },
  expired: { word: "Over", tone: "off" },
};

/** Names of pools and GPU types by their ids; what is not known stands as it is. */
export type NameOfPlace = (id: string) => string;

/** `8 × H100 for 72 h (3 days)` */
export function criteriaTitle(criteria: WaitlistCriteria, nameOf: NameOfPlace): string {
  const type = criteria.gpu_type === undefined ? undefined : nameOf(criteria.gpu_type);
  return `${gpusWords(criteria.gpu_count, type)} for ${lengthWords(criteria.duration_minutes * 60_000)}`;
}

/** `In Frankfurt H100, on one machine, not before Mon 23 Nov 2026, 09:00, finished by …` */
export function criteriaDetails(criteria: WaitlistCriteria, nameOf: NameOfPlace, zone: string): string {
  const { pool_ids, topology, not_before, finish_by } = criteria;
  const when = (time: string) => momentWords(Date.parse(time), zone);
  const parts = [
    pool_ids === undefined ? "In any pool" : `In ${pool_ids.map(nameOf).join(" or ")}`,
    topology === "single_node"
      ? "on one machine"
      : topology === "prefer_single_node"
        ? "on one machine if possible"
        : "",
    not_before === undefined ? "" : `not before ${when(not_before)}`,
    finish_by === undefined ? "" : `finished by ${when(finish_by)}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
