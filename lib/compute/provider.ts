import type { ComputeProviderName } from "@/lib/contracts/fleet";
import type { LaunchTemplate } from "@/lib/contracts/launch-template";

/**
 * The one interface between Dumont and whoever runs machines. Every call can be repeated: a machine is known by its
 * label, which Dumont chooses and stores before it asks, so a start whose answer was lost finds the machine that it made.
 */
export type ProviderName = ComputeProviderName;

/** Labels of our machines begin with it; a machine with such a label that nobody wants any more is an orphan. */
export const LABEL_PREFIX = "dumont:";

export type LaunchRequest = {
  label: string;
  gpuType: string;
  gpuCount: number;
  /** The node of the fleet that was reserved; a marketplace chooses its own. */
  nodeName: string;
  region: string;
  template: LaunchTemplate;
  /** When it will be stopped at the latest: the end of the reservation. */
  until: Date;
};

/**
 * loading: it boots, its GPUs are taken. stopping: its GPUs are not free yet. stopped: its GPUs are free, its disk may be
 * kept. failed: it will not become running any more.
 */
export type MachineState = "loading" | "running" | "stopping" | "stopped" | "failed";

export type MachineAddress = { host: string; port: number | null; url: string | null };

export type Machine = {
  label: string;
  externalId: string;
  state: MachineState;
  address: MachineAddress | null;
  /** Why it failed, for people. */
  failure: string | null;
  /** What the provider tells beside it, for the log. */
  details: Record<string, string | number | boolean | null>;
};

export type SnapshotRequest = {
  /** Chosen by us, as labels of machines are. */
  snapshotId: string;
  label: string;
  name: string;
};

export type SnapshotProgress =
  | { state: "running"; externalId: string | null }
  | {
      state: "completed";
      externalId: string;
      /** Where it can be restored from. */
      location: string;
      sizeBytes: number;
      /** File or layer → "sha256:<hex>". */
      checksums: Record<string, string>;
    }
  | { state: "failed"; failure: string };

/** What is wrong with a node, as far as the provider knows; nodes that it does not name are well. */
export type NodeProblem = { nodeName: string; cause: string };

export interface ComputeProvider {
  readonly name: ProviderName;
  /** Milliseconds between two looks at a machine that is on its way. */
  readonly pollMs: number;
  /** Makes the machine of this label, or goes on with the one that is there. Its GPUs are taken from then on. */
  start(request: LaunchRequest): Promise<Machine>;
  /** @returns null when the provider knows no machine of this label */
  find(label: string): Promise<Machine | null>;
  /** Lets go of the GPUs for good. Of a label that is unknown nothing is to be done. @returns null once it is gone */
  stop(label: string): Promise<Machine | null>;
  /** All machines whose label begins with LABEL_PREFIX. */
  list(): Promise<Machine[]>;
  /** Begins a snapshot, or tells how far the one of this id has come. */
  snapshot(request: SnapshotRequest): Promise<SnapshotProgress>;
  /** @param nodeNames those that have running instances */
  problems(nodeNames: readonly string[]): Promise<NodeProblem[]>;
}

/**
 * capacity: there is no such machine to be had now. rate_limited and unreachable: ask again later, nothing was decided.
 * refused: the provider will not do it however often it is asked. unsupported: it has no such thing.
 */
export type ProviderErrorKind = "capacity" | "rate_limited" | "unreachable" | "refused" | "unsupported";

export class ProviderError extends Error {
  override name = "ProviderError";

  /** @param retryAfterMs how long to leave it alone, where the provider says so */
  constructor(
    readonly kind: ProviderErrorKind,
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** Whether asking again later can help. */
export function isTransient(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === "rate_limited" || error.kind === "unreachable");
}
