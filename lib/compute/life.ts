import type { Machine, MachineAddress, ProviderErrorKind } from "@/lib/compute/provider";
import type { InstanceStatus, StopReason } from "@/lib/contracts/instances";

/** What the state machine of an instance knows of its row. */
export type Life = {
  status: InstanceStatus;
  wanted: "running" | "stopped";
  stopReason: StopReason | null;
  failure: string | null;
  externalId: string | null;
  address: MachineAddress | null;
  tries: number;
  triedAt: Date | null;
  dueAt: Date | null;
  runningSince: Date | null;
  ranMs: bigint;
  checkedAt: Date | null;
  endedAt: Date | null;
};

export type LogLine = {
  level: "info" | "warning" | "error";
  message: string;
  details?: Record<string, string | number | boolean | null>;
};

/** What is done in the transaction that stores the change. */
export type Change = {
  patch: Partial<Life>;
  logs: LogLine[];
  event: "instance.started" | "instance.stopped" | "instance.failed" | null;
  units: "take" | "release" | null;
};

/** What is asked of the provider; take: nothing of it, but the GPUs of whoever had them; none: the row decides alone. */
export type Call = "take" | "start" | "find" | "stop" | "none";

export type Answer =
  | { call: "none" }
  /** @property heldBy the instance that has not let go of one of the GPUs; null: they are free */
  | { call: "take"; heldBy: string | null }
  | { call: "start" | "find" | "stop"; machine: Machine | null }
  | {
      call: "start" | "find" | "stop";
      error: { kind: ProviderErrorKind; message: string; retryAfterMs: number | null };
    };

export type Circumstances = {
  now: Date;
  /** Whether its reservation gives it its GPUs at the moment. */
  entitled: boolean;
  /** Milliseconds between two looks at a machine on its way. */
  pollMs: number;
};
