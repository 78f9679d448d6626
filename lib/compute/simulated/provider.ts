import {
  type ComputeProvider,
  LABEL_PREFIX,
  type LaunchRequest,
  type Machine,
  type NodeProblem,
  ProviderError,
  type SnapshotProgress,
  type SnapshotRequest,
} from "@/lib/compute/provider";
import { consumeFault, nodesDown } from "@/lib/compute/simulated/faults";
import {
  addressOf,
  checksumsOf,
  externalIdOf,
  loadingMs,
  sizeOf,
  snapshotMs,
  stoppingMs,
} from "@/lib/compute/simulated/traits";
import { launchTemplateSchema } from "@/lib/contracts/launch-template";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import type { Prisma, SimulatedMachine } from "@/lib/generated/prisma/client";

/** A fault makes something take so many times as long. */
const SLOW = 10;

export type SimulatedOptions = {
  /** The database's clock unless given. */
  clock?: () => Promise<Date>;
  /** What all times are multiplied by: 1 unless given. */
  scale?: number;
};

/**
 * Machines that exist in two tables only, with the times and the faults of real ones. They outlive every restart, and any
 * number of processes see the same ones.
 */
export class SimulatedProvider implements ComputeProvider {
  readonly name = "simulated";
  readonly pollMs: number;
  readonly #clock: () => Promise<Date>;
  readonly #scale: number;

  constructor({ clock = () => databaseNow(db), scale = 1 }: SimulatedOptions = {}) {
    this.#clock = clock;
    this.#scale = scale;
    this.pollMs = Math.max(1, 1_000 * scale);
  }

  async start({ label, nodeName, gpuCount, template }: LaunchRequest): Promise<Machine> {
    await refuseWhenUnreachable(nodeName);
    const there = await this.#read(label);
    if (there) return toMachine(there);
    if ((await nodesDown([nodeName])).length > 0) throw new ProviderError("capacity", `${nodeName} is down.`);
    const fails = await consumeFault("start_fails", nodeName);
    const slow = await consumeFault("start_slow", nodeName);
    const now = await this.#clock();
    // Another worker may make it at the same moment: there is one machine of a label.
    await db.simulatedMachine.createMany({
      data: {
        label,
        externalId: externalIdOf(label),
        nodeName,
        gpuCount,
        template: template as Prisma.InputJsonObject,
        state: "loading",
        changesAt: this.#after(now, loadingMs(label) * (slow ? SLOW : 1)),
        failure: fails ? "The machine did not boot (a simulated fault)." : null,
        createdAt: now,
      },
      skipDuplicates: true,
    });
    return toMachine(await db.simulatedMachine.findUniqueOrThrow({ where: { label } }));
  }

  async find(label: string): Promise<Machine | null> {
    const row = await this.#read(label);
    await refuseWhenUnreachable(row?.nodeName ?? null);
    return row && toMachine(row);
  }

  async stop(label: string): Promise<Machine | null> {
    const row = await this.#read(label);
    await refuseWhenUnreachable(row?.nodeName ?? null);
    if (!row) return null;
    if (row.state === "failed") {
      await db.simulatedMachine.deleteMany({ where: { label, state: "failed" } });
      return null;
    }
    if (row.state === "stopping") return toMachine(row);
    const slow = await consumeFault("stop_slow", row.nodeName);
    const changesAt = this.#after(await this.#clock(), stoppingMs(label) * (slow ? SLOW : 1));
    await db.simulatedMachine.updateMany({
      where: { label, state: { in: ["loading", "running"] } },
      data: { state: "stopping", changesAt, failure: null },
    });
    return toMachine({ ...row, state: "stopping", failure: null });
  }

  async list(): Promise<Machine[]> {
    await refuseWhenUnreachable(null);
    await this.#passTime();
    const rows = await db.simulatedMachine.findMany({
      where: { label: { startsWith: LABEL_PREFIX } },
      orderBy: { label: "asc" },
    });
    return rows.map(toMachine);
  }

  async snapshot({ snapshotId, label, name }: SnapshotRequest): Promise<SnapshotProgress> {
    const now = await this.#clock();
    const begun = await db.simulatedSnapshot.findUnique({ where: { id: snapshotId } });
    const machine = await this.#read(label);
    await refuseWhenUnreachable(machine?.nodeName ?? null);
    if (!begun) {
      if (machine?.state !== "running")
        throw new ProviderError("refused", "There is no running machine to take it of.");
      const fails = await consumeFault("snapshot_fails", machine.nodeName);
      const completesAt = this.#after(now, snapshotMs(snapshotId));
      const failure = fails ? "The disk could not be read (a simulated fault)." : null;
      await db.simulatedSnapshot.createMany({
        data: { id: snapshotId, label, name, completesAt, failure, createdAt: now },
        skipDuplicates: true,
      });
      return { state: "running", externalId: externalIdOf(snapshotId) };
    }
    if (begun.completesAt > now) return { state: "running", externalId: externalIdOf(snapshotId) };
    if (begun.failure !== null) return { state: "failed", failure: begun.failure };
    return {
      state: "completed",
      externalId: externalIdOf(snapshotId),
      location: `simulated://snapshots/${snapshotId}`,
      sizeBytes: sizeOf(snapshotId),
      checksums: checksumsOf(snapshotId),
    };
  }

  async problems(nodeNames: readonly string[]): Promise<NodeProblem[]> {
    await refuseWhenUnreachable(null);
    const down = await nodesDown(nodeNames);
    return down.map((nodeName) => ({ nodeName, cause: "The node is down (a simulated fault)." }));
  }

  /** The machine as it is now; null when there is none of this label. */
  async #read(label: string): Promise<SimulatedMachine | null> {
    await this.#passTime(label);
    return db.simulatedMachine.findUnique({ where: { label } });
  }

  /** What has happened to machines since somebody looked, of one label or of all. */
  async #passTime(label: string | null = null): Promise<void> {
    const now = await this.#clock();
    await db.$executeRaw`
      UPDATE simulated_machine SET state = 'failed', changes_at = NULL, failure = 'Its node is down (a simulated fault).'
       WHERE (${label}::text IS NULL OR label = ${label}) AND state IN ('loading', 'running')
         AND node_name IN (SELECT node_name FROM simulated_fault WHERE kind = 'node_down')`;
    await db.$executeRaw`
      UPDATE simulated_machine SET state = CASE WHEN failure IS NULL THEN 'running' ELSE 'failed' END, changes_at = NULL
       WHERE (${label}::text IS NULL OR label = ${label}) AND state = 'loading' AND changes_at <= ${now}`;
    await db.$executeRaw`
      DELETE FROM simulated_machine
       WHERE (${label}::text IS NULL OR label = ${label}) AND state = 'stopping' AND changes_at <= ${now}`;
  }

  #after(now: Date, ms: number): Date {
    return new Date(now.getTime() + Math.round(ms * this.#scale));
  }
}

async function refuseWhenUnreachable(nodeName: string | null): Promise<void> {
  if (await consumeFault("unreachable", nodeName)) {
    throw new ProviderError("unreachable", "The provider does not answer (a simulated fault).");
  }
}

function toMachine(row: SimulatedMachine): Machine {
  const state = row.state as Machine["state"];
  const template = launchTemplateSchema.parse(row.template);
  return {
    label: row.label,
    externalId: row.externalId,
    state,
    address: state === "running" ? addressOf(row.label, row.nodeName, template.ports) : null,
    failure: state === "failed" ? row.failure : null,
    details: { node: row.nodeName, image: template.image },
  };
}
