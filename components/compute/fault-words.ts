import { formatNumber } from "@/components/ui/format";
import type { FaultKind, SimulatedFault } from "@/lib/contracts/compute-faults";

export const FAULT_WORDS: Readonly<Record<FaultKind, { word: string; effect: string }>> = {
  node_down: {
    word: "Machine down",
    effect: "Every instance on it fails, and none starts there until the fault is removed.",
  },
  start_fails: { word: "Start fails", effect: "An instance fails while it boots. It is tried again, 5 times in all." },
  start_slow: { word: "Slow start", effect: "Booting takes ten times as long: 50 to 200 seconds." },
  stop_slow: { word: "Slow stop", effect: "Stopping takes ten times as long: 20 to 50 seconds. Its GPUs wait for it." },
  snapshot_fails: { word: "Snapshot fails", effect: "A snapshot ends as failed; the instance goes on." },
  unreachable: {
    word: "No answer",
    effect: "The provider does not answer. Nothing is decided meanwhile; it is asked again, less and less often.",
  },
};

/** `until it is removed`, `once more`, `3 times more` */
export function remainingWords({ remaining }: Pick<SimulatedFault, "remaining">): string {
  if (remaining === null) return "Until it is removed";
  return remaining === 1 ? "Once more" : `${formatNumber(remaining)} times more`;
}
