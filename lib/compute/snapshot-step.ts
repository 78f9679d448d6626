import type { LogLine } from "@/lib/compute/life";
import type { ProviderErrorKind, SnapshotProgress } from "@/lib/compute/provider";
import { INSTANCE_LIMITS } from "@/lib/contracts/instances";
import type { SnapshotStatus } from "@/lib/contracts/snapshots";

/** The life of a snapshot as a pure function: requested → running → completed | failed. */
export type SnapshotLife = {
  status: SnapshotStatus;
  name: string;
  createdAt: Date;
  /** When the provider first said that it takes it. */
  acceptedAt: Date | null;
};

export type SnapshotAnswer =
  | SnapshotProgress
  | { state: "error"; kind: ProviderErrorKind; message: string; retryAfterMs: number | null };

export type SnapshotChange = {
  patch: {
    status?: SnapshotStatus;
    externalId?: string | null;
    location?: string;
    sizeBytes?: bigint;
    checksums?: Record<string, string>;
    failure?: string | null;
    dueAt: Date | null;
    acceptedAt?: Date;
    completedAt?: Date;
  };
  logs: LogLine[];
  completed: boolean;
};

/**
 * What the provider may take for it, from when it accepted it; and before that, what accepting may take. Time in which it
 * could not be asked is no time that it had.
 */
const LONGEST_MS = INSTANCE_LIMITS.snapshotMinutes * 60_000;
const PATIENCE_MS = 60_000;

/** What the provider's answer makes of a snapshot under way. @param pollMs milliseconds between two looks */
export function stepSnapshot(
  life: SnapshotLife,
  answer: SnapshotAnswer,
  { now, pollMs }: { now: Date; pollMs: number },
): SnapshotChange {
  const age = now.getTime() - (life.acceptedAt ?? life.createdAt).getTime();
  const called = life.name === "" ? "The snapshot" : `The snapshot "${life.name}"`;
  if (answer.state === "completed") {
    const { externalId, location, sizeBytes, checksums } = answer;
    return {
      patch: {
        status: "completed",
        externalId,
        location,
        sizeBytes: BigInt(sizeBytes),
        checksums,
        failure: null,
        dueAt: null,
        completedAt: now,
      },
      logs: [{ level: "info", message: `${called} is stored.`, details: { size_bytes: sizeBytes, location } }],
      completed: true,
    };
  }
  if (answer.state === "failed") return failed(called, answer.failure);
  if (answer.state === "error" && answer.kind !== "rate_limited" && answer.kind !== "unreachable") {
    return failed(called, answer.message);
  }
  const acceptsNow = life.acceptedAt === null && answer.state === "running";
  if (age >= LONGEST_MS && !acceptsNow) {
    const word = life.acceptedAt === null ? "accepted" : "finished";
    return failed(called, `It was not ${word} after ${INSTANCE_LIMITS.snapshotMinutes} minutes.`);
  }
  if (answer.state === "error") {
    const wait = Math.max(answer.retryAfterMs ?? 0, Math.min(PATIENCE_MS, Math.max(pollMs, age / 3)));
    return { patch: { failure: answer.message, dueAt: new Date(now.getTime() + wait) }, logs: [], completed: false };
  }
  const dueAt = new Date(now.getTime() + pollMs);
  const logs: LogLine[] = life.status === "requested" ? [{ level: "info", message: `${called} is being taken.` }] : [];
  return {
    patch: {
      status: "running",
      externalId: answer.externalId,
      failure: null,
      dueAt,
      ...(acceptsNow && { acceptedAt: now }),
    },
    logs,
    completed: false,
  };
}

function failed(called: string, failure: string): SnapshotChange {
  return {
    patch: { status: "failed", failure, dueAt: null },
    logs: [{ level: "error", message: `${called} failed: ${failure}` }],
    completed: false,
  };
}
