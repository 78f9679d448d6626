import { formatNumber } from "@/components/ui/format";
import type { StatusTone } from "@/components/ui/status-badge";
import type { ArtifactTask } from "@/lib/contracts/artifacts";
import type { WorkflowArtifact, WorkflowKind } from "@/lib/contracts/workflows";

export const KIND_WORDS: Readonly<Record<WorkflowKind, string>> = {
  artifact: "Artifact",
  reservation: "Reservation",
  instance: "Instance",
  deployment: "Deployment",
  event: "Event",
};

const TASK_WORDS: Readonly<Record<ArtifactTask["status"], { word: string; tone: StatusTone }>> = {
  waiting: { word: "Waiting", tone: "waiting" },
  done: { word: "Done", tone: "positive" },
  failed: { word: "Failed", tone: "danger" },
};

/** What has become of a processor's work; one that failed before and waits is tried again. */
export function taskWords({ status, attempts, error }: Pick<ArtifactTask, "status" | "attempts" | "error">) {
  if (status === "waiting" && error !== null)
    return { word: `Again after attempt ${attempts}`, tone: "caution" as const };
  return TASK_WORDS[status];
}

/** How many artifacts a tree has in all. */
export function sizeOf(artifacts: readonly WorkflowArtifact[]): number {
  return artifacts.reduce((sum, { children }) => sum + 1 + sizeOf(children), 0);
}

export function artifactsWords(count: number): string {
  return count === 1 ? "1 artifact" : `${formatNumber(count)} artifacts`;
}

/** What is wrong with a payload as it was typed; null when it can be published. */
export function payloadProblem(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? `This is not JSON: ${error.message}` : "This is not JSON.";
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? null : "Write a JSON object: {…}";
}

/** Words as people type them into one field, separated by commas or spaces. */
export function listOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))];
}
