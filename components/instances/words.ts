import type { StatusTone } from "@/components/ui/status-badge";
import type { Instance, InstanceDetail, InstanceLogLine, InstanceStatus, LifeStep } from "@/lib/contracts/instances";
import type { Permission } from "@/lib/contracts/permissions";
import type { Reservation } from "@/lib/contracts/reservations";
import type { SnapshotStatus, SnapshotTrigger } from "@/lib/contracts/snapshots";

export const STATUS_WORDS: Readonly<Record<InstanceStatus, { word: string; tone: StatusTone; sentence: string }>> = {
  requested: { word: "Requested", tone: "waiting", sentence: "It waits for its GPUs." },
  starting: { word: "Starting", tone: "progress", sentence: "Its machine boots." },
  running: { word: "Running", tone: "positive", sentence: "It can be reached." },
  stopping: { word: "Stopping", tone: "caution", sentence: "It lets go of its GPUs." },
  stopped: { word: "Stopped", tone: "off", sentence: "It has let go of its GPUs." },
  failed: { word: "Failed", tone: "danger", sentence: "Its machine failed, or could not be started." },
};

export const LEVEL_WORDS: Readonly<Record<InstanceLogLine["level"], string>> = {
  info: "Info",
  warning: "Warning",
  error: "Error",
};

export const SNAPSHOT_WORDS: Readonly<Record<SnapshotStatus, { word: string; tone: StatusTone }>> = {
  requested: { word: "Requested", tone: "waiting" },
  running: { word: "Being taken", tone: "progress" },
  completed: { word: "Completed", tone: "positive" },
  failed: { word: "Failed", tone: "danger" },
};

export const TRIGGER_WORDS: Readonly<Record<SnapshotTrigger, string>> = {
  manual: "By hand",
  before_end: "Before the end of its reservation",
};

type Can = (permission: Permission) => boolean;

/** Why the reader cannot start, stop or snapshot anything; undefined when they can. The server decides the same. */
export function writeBlock(can: Can): string | undefined {
  return can("instances:write") ? undefined : "Your role can look at instances but not start, stop or snapshot them.";
}

/** Why it cannot be started; undefined when it can. */
export function startBlock(can: Can, { ended_at }: Pick<Instance, "ended_at">): string | undefined {
  if (ended_at !== null) return "It is over: its reservation has ended, or another instance took its place.";
  return writeBlock(can);
}

/**
 * Why the GPUs of a reservation cannot be booted anew; undefined when they can. The server decides the same.
 * @param instances of the reservation; undefined while they are not known
 */
export function bootAnewBlock(
  can: Can,
  { status }: Pick<Reservation, "status">,
  instances: readonly Pick<Instance, "name" | "status" | "ended_at">[] | undefined,
): string | undefined {
  const blocked = writeBlock(can);
  if (blocked !== undefined) return blocked;
  if (status !== "active") return "GPUs boot while their reservation is active: between its start and its end.";
  if (instances === undefined) return "Its instances are being loaded.";
  const [first, ...more] = instances.filter((one) => one.ended_at === null && !isAtRest(one));
  if (first === undefined) return undefined;
  return more.length === 0
    ? `“${first.name}” is ${first.status}. Stop it first, then boot anew.`
    : `“${first.name}” and ${more.length} more are not stopped. Stop them first, then boot anew.`;
}

/** What booting anew puts an end to; null where that is nothing. */
export function replacedWords(instances: readonly Pick<Instance, "name" | "status" | "ended_at">[]): string | null {
  const [first, ...more] = instances.filter((one) => one.ended_at === null && isAtRest(one));
  if (first === undefined) return null;
  const who = more.length === 0 ? `“${first.name}”` : `“${first.name}” and ${more.length} more`;
  return `What boots takes the place of ${who}, which then cannot be started again. Logs and snapshots stay.`;
}

/** It has let go of its GPUs, or is about to for good. */
export function isAtRest({ status }: Pick<Instance, "status">): boolean {
  return status === "stopped" || status === "failed";
}

/** Why no snapshot can be taken of it; undefined when one can. */
export function snapshotBlock(can: Can, { status }: Pick<Instance, "status">, isTaken: boolean): string | undefined {
  const blocked = writeBlock(can);
  if (blocked !== undefined) return blocked;
  if (status !== "running") return "A snapshot is taken while the instance runs.";
  return isTaken ? "Another snapshot of it is being taken." : undefined;
}

/** Whether it can be stopped: it has GPUs or waits for them, and is not on its way already. */
export function canStop({ status, wanted }: Pick<Instance, "status" | "wanted">): boolean {
  return wanted === "running" && status !== "stopped" && status !== "failed";
}

export function canStart({ status, wanted }: Pick<Instance, "status" | "wanted">): boolean {
  return wanted === "stopped" && isAtRest({ status });
}

/** What it is or will be, in a sentence. */
export function statusSentence({
  status,
  wanted,
  stop_reason,
}: Pick<Instance, "status" | "wanted" | "stop_reason">): string {
  const { sentence } = STATUS_WORDS[status];
  if (status === "stopping" && wanted === "running") return "It lets go of its machine, and starts again then.";
  if (status === "stopped") {
    if (stop_reason === "reservation_ended") return "It stopped with its reservation.";
    if (stop_reason === "requested") return "It was stopped by hand. Its reservation, and its price, go on.";
  }
  if (wanted === "stopped" && (status === "starting" || status === "running")) return "It is about to stop.";
  return sentence;
}

/** A way to reach it, ready to be copied. */
export type Connection = { label: string; line: string };

/** Where the URL has the port of the address as well, there is no other to log in at. */
export function connectionsOf({ host, port, url }: NonNullable<Instance["address"]>): Connection[] {
  const login = port === null || port === 22 ? `ssh root@${host}` : `ssh -p ${port} root@${host}`;
  const isSame = url !== null && port !== null && URL.canParse(url) && new URL(url).port === String(port);
  return [
    ...(isSame ? [] : [{ label: "Log in", line: login }]),
    ...(url === null ? [] : [{ label: "Ask its first port", line: `curl ${url}` }]),
  ];
}

/** `host:port`, or the URL. */
export function addressText({ host, port, url }: NonNullable<Instance["address"]>): string {
  return url ?? (port === null ? host : `${host}:${port}`);
}

/** Since it was last asked for: what it became and when, and what it is yet to become. */
export type Stage = { status: InstanceStatus; at: string | null };

const WAY_UP: readonly InstanceStatus[] = ["requested", "starting", "running"];

export function stagesOf({ life, status, wanted }: Pick<InstanceDetail, "life" | "status" | "wanted">): Stage[] {
  const begun = life.findLastIndex((step) => step.status === "requested");
  const reached: readonly LifeStep[] = life.slice(Math.max(0, begun));
  return [...reached, ...ahead({ status, wanted }).map((next) => ({ status: next, at: null }))];
}

function ahead({ status, wanted }: Pick<Instance, "status" | "wanted">): readonly InstanceStatus[] {
  if (status === "stopped" || status === "failed") return [];
  if (wanted === "stopped") return status === "stopping" ? ["stopped"] : ["stopping", "stopped"];
  return status === "stopping" ? ["starting", "running"] : WAY_UP.slice(WAY_UP.indexOf(status) + 1);
}

/** What it ran for, of the price of its reservation, in micro-credits. @param ranMs how long it has run */
export function costSoFar({ price_micros_per_hour }: Pick<Instance, "price_micros_per_hour">, ranMs: number): number {
  return Math.floor((price_micros_per_hour * Math.floor(ranMs / 1000)) / 3600);
}
