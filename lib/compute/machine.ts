import type { Answer, Call, Change, Circumstances, Life, LogLine } from "@/lib/compute/life";
import type { Machine, MachineAddress, ProviderErrorKind } from "@/lib/compute/provider";
import { INSTANCE_LIMITS, type StopReason } from "@/lib/contracts/instances";

/**
 * The life of an instance as a pure function: the row as it stands, what the provider said, the time → the row as it
 * becomes, and what is told, logged, taken and let go with it. Nothing else decides a status.
 *
 *   requested → starting → running → stopping → stopped
 *
 * stopping goes back to starting where it clears a start away that failed, and to requested where it is wanted again;
 * starting and running become failed, which clears its machine away too; stopped and failed can be requested again.
 */

/** Milliseconds between two looks at a machine that runs, at least. */
const CHECK_MS = 15_000;
/** Milliseconds until GPUs that another has are looked at again. */
const WAIT_MS = 1_000;
/** Milliseconds before a start is tried again: doubled with each try. */
const RETRY_FIRST_MS = 2_000;
const PATIENCE_MS = 60_000;
const START_MS = INSTANCE_LIMITS.startMinutes * 60_000;

const NOTHING: Change = { patch: {}, logs: [], event: null, units: null };

/** What has to be asked before the next step of a row that is due. */
export function callFor(life: Life, { entitled }: Pick<Circumstances, "entitled">): Call {
  const goesOn = life.wanted === "running" && entitled;
  switch (life.status) {
    case "requested":
      return goesOn ? "take" : "none";
    case "starting":
      if (!goesOn) return "none";
      return life.externalId === null ? "start" : "find";
    case "running":
      return goesOn ? "find" : "none";
    case "stopping":
    case "failed":
      return "stop";
    case "stopped":
      return "none";
  }
}

/**
 * The step that follows from an answer. The row may have changed since the question (somebody wants it stopped now): it
 * is the row that counts, and an answer to a question that it would not ask any more brings it to its next one.
 */
export function step(life: Life, answer: Answer, circumstances: Circumstances): Change {
  const { now, entitled } = circumstances;
  if (life.wanted === "running" && !entitled && life.status !== "stopped") {
    const over: Life = { ...life, wanted: "stopped", stopReason: "reservation_ended" };
    const change = step(over, answer, { ...circumstances, entitled: true });
    return { ...change, patch: { wanted: over.wanted, stopReason: over.stopReason, ...change.patch } };
  }
  switch (life.status) {
    case "requested":
      return fromRequested(life, answer, now);
    case "starting":
      return fromStarting(life, answer, circumstances);
    case "running":
      return fromRunning(life, answer, circumstances);
    case "stopping":
      return fromStopping(life, answer, circumstances);
    case "failed":
      return fromFailed(life, answer, circumstances);
    case "stopped":
      return { ...NOTHING, patch: { dueAt: null } };
  }
}

function fromRequested(life: Life, answer: Answer, now: Date): Change {
  if (life.wanted === "stopped") {
    const patch = { status: "stopped" as const, failure: null, dueAt: null, ...ending(life, now) };
    return { ...NOTHING, patch, logs: [info("It is not started: it is not wanted any more.")] };
  }
  if (answer.call !== "take") return soon(now);
  if (answer.heldBy !== null) {
    const failure = `Waits for GPUs that ${answer.heldBy} has not let go of.`;
    return { ...NOTHING, patch: { failure, dueAt: later(now, WAIT_MS) }, logs: news(life, info(failure)) };
  }
  return {
    patch: { status: "starting", failure: null, externalId: null, tries: 1, triedAt: now, dueAt: now },
    logs: [info("Its GPUs are free: it starts.")],
    event: null,
    units: "take",
  };
}

function fromStarting(life: Life, answer: Answer, { now, pollMs }: Circumstances): Change {
  if (life.wanted === "stopped") return stopping(life, now, []);
  if (answer.call !== "start" && answer.call !== "find") return soon(now);
  if ("error" in answer) {
    const { kind, message } = answer.error;
    // Only a start that is refused is refused for good: a provider that does not tell how it goes may do so later.
    if (answer.call === "find") return trouble(life, answer.error, { now, pollMs });
    if (kind === "refused" || kind === "unsupported") return failed(life, message, now);
    if (kind !== "capacity") return trouble(life, answer.error, { now, pollMs });
    if (life.tries >= INSTANCE_LIMITS.tries) return failed(life, message, now);
    return {
      ...NOTHING,
      patch: { tries: life.tries + 1, failure: message, triedAt: now, dueAt: later(now, backoff(life.tries)) },
      logs: [warning(`Start ${life.tries} of ${INSTANCE_LIMITS.tries} found no room: ${message}`)],
    };
  }
  const { machine } = answer;
  if (machine?.state === "running") return running(machine, { now, pollMs });
  if (machine?.state !== "loading") return tryAgain(life, machine?.failure ?? "Its machine is gone.", now);
  if (life.triedAt && now.getTime() - life.triedAt.getTime() >= START_MS) {
    return tryAgain(life, `Its machine has not come up for ${INSTANCE_LIMITS.startMinutes} minutes.`, now);
  }
  const logs = life.externalId === null ? [info("Its machine boots.", { ...machine.details })] : [];
  return {
    ...NOTHING,
    patch: { externalId: machine.externalId, failure: null, dueAt: later(now, pollMs) },
    logs,
  };
}

function running({ externalId, address, details }: Machine, { now, pollMs }: { now: Date; pollMs: number }): Change {
  return {
    patch: {
      status: "running",
      failure: null,
      externalId,
      address,
      runningSince: now,
      checkedAt: now,
      dueAt: later(now, checkMs(pollMs)),
    },
    logs: [info(address ? `It runs and can be reached at ${shown(address)}.` : "It runs.", { ...details })],
    event: "instance.started",
    units: null,
  };
}

/** A machine that failed while it booted is cleared away first: the next one must not find its GPUs taken. */
function tryAgain(life: Life, cause: string, now: Date): Change {
  if (life.tries >= INSTANCE_LIMITS.tries) return failed(life, cause, now);
  return stopping({ ...life, failure: cause }, now, [
    warning(`Start ${life.tries} of ${INSTANCE_LIMITS.tries} failed: ${cause}`),
  ]);
}

function fromRunning(life: Life, answer: Answer, { now, pollMs }: Circumstances): Change {
  if (life.wanted === "stopped") return stopping(life, now, [info("It stops.")]);
  if (answer.call !== "find") return soon(now);
  if ("error" in answer) return trouble(life, answer.error, { now, pollMs: checkMs(pollMs) });
  const { machine } = answer;
  if (machine?.state === "loading") {
    const failure = "Its machine boots again.";
    return { ...NOTHING, patch: { failure, dueAt: later(now, pollMs) }, logs: news(life, warning(failure)) };
  }
  if (machine?.state !== "running") {
    const cause = machine ? (machine.failure ?? "The provider stopped its machine.") : "Its machine is gone.";
    return failed(life, cause, now);
  }
  return {
    ...NOTHING,
    patch: { failure: null, address: machine.address, checkedAt: now, dueAt: later(now, checkMs(pollMs)) },
    logs: life.failure === null ? [] : [info("All is well with it again.")],
  };
}

function stopping(life: Life, now: Date, logs: LogLine[]): Change {
  return {
    ...NOTHING,
    patch: { status: "stopping", failure: life.failure, triedAt: now, dueAt: now, ...noLongerRuns(life, now) },
    logs,
  };
}

function fromStopping(life: Life, answer: Answer, { now, pollMs }: Circumstances): Change {
  if (answer.call !== "stop") return soon(now);
  if ("error" in answer) return trouble(life, answer.error, { now, pollMs });
  if (!isGone(answer.machine)) return { ...NOTHING, patch: { dueAt: later(now, pollMs) } };
  if (life.wanted === "running" && life.tries > 0) {
    const dueAt = later(now, backoff(life.tries));
    return {
      ...NOTHING,
      patch: { status: "starting", externalId: null, tries: life.tries + 1, triedAt: dueAt, dueAt },
      logs: [info(`It starts again, try ${life.tries + 1} of ${INSTANCE_LIMITS.tries}.`)],
    };
  }
  // Wanted again while it stopped: that was a stop, and what follows is another start.
  const next: Partial<Life> =
    life.wanted === "running"
      ? { status: "requested", dueAt: now }
      : { status: "stopped", dueAt: null, ...ending(life, now) };
  return {
    patch: { failure: null, externalId: null, ...next },
    logs: [info("It has stopped; its GPUs are free.")],
    event: "instance.stopped",
    units: "release",
  };
}

/** Its failure has been told; now its machine is cleared away, so that its GPUs can be had by others. */
function fromFailed(life: Life, answer: Answer, { now, pollMs }: Circumstances): Change {
  if (answer.call !== "stop") return soon(now);
  if ("error" in answer) {
    return { ...NOTHING, patch: { dueAt: later(now, patience(life, answer.error, { now, pollMs })) } };
  }
  if (!isGone(answer.machine)) return { ...NOTHING, patch: { dueAt: later(now, pollMs) } };
  const again = life.wanted === "running" && life.endedAt === null;
  const next: Partial<Life> = again
    ? { status: "requested", tries: 0, dueAt: now }
    : { dueAt: null, ...ending(life, now) };
  return {
    ...NOTHING,
    patch: { externalId: null, ...next },
    logs: [info("Its machine is cleared away; its GPUs are free.")],
    units: "release",
  };
}

function failed(life: Life, cause: string, now: Date): Change {
  return {
    patch: {
      status: "failed",
      wanted: "stopped",
      failure: cause,
      triedAt: now,
      dueAt: now,
      ...noLongerRuns(life, now),
    },
    logs: [error(life.status === "running" ? `It failed: ${cause}` : `It could not be started: ${cause}`)],
    event: "instance.failed",
    units: null,
  };
}

/**
 * What a failure that was found out elsewhere makes of it, such as a node that is down; null where it has no machine
 * that could fail.
 */
export function fail(life: Life, cause: string, now: Date): Change | null {
  return life.status === "starting" || life.status === "running" ? failed(life, cause, now) : null;
}

/** Somebody wants it to run. @returns null where that changes nothing; undefined where it is over */
export function askToStart(life: Life, now: Date): Change | null | undefined {
  if (life.endedAt !== null) return undefined;
  const logs = [info("It is asked to start.")];
  if (life.status === "stopped" || (life.status === "failed" && life.dueAt === null)) {
    const patch: Partial<Life> = {
      status: "requested",
      wanted: "running",
      stopReason: null,
      failure: null,
      tries: 0,
      dueAt: now,
    };
    return { ...NOTHING, patch, logs };
  }
  if (life.wanted === "running") return null;
  const tries = life.status === "stopping" ? { tries: 0 } : {};
  return { ...NOTHING, patch: { wanted: "running", stopReason: null, ...tries }, logs };
}

/** It is to stop. @returns null where that changes nothing */
export function askToStop(life: Life, reason: StopReason, now: Date): Change | null {
  if (life.endedAt !== null) return null;
  const over = reason === "reservation_ended";
  const rests = life.status === "stopped" || (life.status === "failed" && life.dueAt === null);
  if (rests) return over ? { ...NOTHING, patch: { stopReason: reason, endedAt: now } } : null;
  if (life.wanted === "stopped" && (life.stopReason === "reservation_ended" || life.stopReason === reason)) return null;
  return {
    ...NOTHING,
    patch: { wanted: "stopped", stopReason: reason, ...(life.status !== "failed" && { dueAt: now }) },
    logs: [info(over ? "Its reservation has ended, or no longer has these GPUs." : "It is asked to stop.")],
  };
}

/** Whether it has GPUs that others cannot have. */
export function holdsUnits({ status, dueAt }: Pick<Life, "status" | "dueAt">): boolean {
  return (
    status === "starting" || status === "running" || status === "stopping" || (status === "failed" && dueAt !== null)
  );
}

function isGone(machine: Machine | null): boolean {
  return machine === null || machine.state === "stopped";
}

function ending(life: Life, now: Date): Partial<Life> {
  return life.stopReason === "reservation_ended" ? { endedAt: life.endedAt ?? now } : {};
}

function noLongerRuns(life: Life, now: Date): Partial<Life> {
  const ran = life.runningSince ? Math.max(0, now.getTime() - life.runningSince.getTime()) : 0;
  return { runningSince: null, ranMs: life.ranMs + BigInt(ran), address: null };
}

/** A provider that wants to be asked seldom is asked less often about machines that run, too. */
function checkMs(pollMs: number): number {
  return Math.max(CHECK_MS, 6 * pollMs);
}

/** Nothing was decided: ask again, said once. Being asked to wait is no trouble. */
function trouble(
  life: Life,
  problem: { kind: ProviderErrorKind; message: string; retryAfterMs: number | null },
  { now, pollMs }: { now: Date; pollMs: number },
): Change {
  const dueAt = later(now, patience(life, problem, { now, pollMs }));
  if (problem.kind === "rate_limited") return { ...NOTHING, patch: { dueAt } };
  return {
    ...NOTHING,
    patch: { failure: problem.message, dueAt },
    logs: news(life, warning(problem.message)),
  };
}

/** The longer it takes, the less often it is asked. */
function patience(
  { triedAt, status }: Life,
  { retryAfterMs }: { retryAfterMs: number | null },
  { now, pollMs }: { now: Date; pollMs: number },
): number {
  const elapsed = triedAt === null || status === "running" ? 0 : now.getTime() - triedAt.getTime();
  return Math.max(retryAfterMs ?? 0, Math.min(PATIENCE_MS, Math.max(pollMs, elapsed / 3)));
}

function backoff(tries: number): number {
  return Math.min(PATIENCE_MS, RETRY_FIRST_MS * 2 ** (tries - 1));
}

function soon(now: Date): Change {
  return { ...NOTHING, patch: { dueAt: now } };
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}

/** A line that is not repeated while it stays true. */
function news({ failure }: Pick<Life, "failure">, line: LogLine): LogLine[] {
  return failure === line.message ? [] : [line];
}

function shown({ host, port, url }: MachineAddress): string {
  return url ?? (port === null ? host : `${host}:${port}`);
}

const info = (message: string, details?: LogLine["details"]): LogLine => line("info", message, details);
const warning = (message: string): LogLine => line("warning", message);
const error = (message: string): LogLine => line("error", message);

function line(level: LogLine["level"], message: string, details?: LogLine["details"]): LogLine {
  return { level, message, ...(details && { details }) };
}
