import type { StatusTone } from "@/components/ui/status-badge";
import type { Failover, FailoverWay } from "@/lib/contracts/failovers";

/** How something was healed, in a word or two. */
export const WAY_WORDS: Readonly<Record<FailoverWay, string>> = {
  spare: "Spare GPUs",
  repack: "Others made room",
  substitute: "Another pool",
  none: "No place",
};

export const FAILOVER_STATUS: Readonly<Record<Failover["status"], { tone: StatusTone; label: string }>> = {
  recovering: { tone: "progress", label: "Recovering" },
  recovered: { tone: "positive", label: "Recovered" },
  ended: { tone: "off", label: "Ended" },
};

/** So many seconds: "45 s", "2 min 5 s", "1 h 3 min". */
export function gapWords(seconds: number | null): string {
  if (seconds === null) return "Not yet";
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
