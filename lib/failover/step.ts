import { FAILOVER_LIMITS } from "@/lib/contracts/failovers";

/**
 * The life of a failover that has its new place, as a pure function: what is seen of it → what becomes of it.
 *
 *   recovering → recovered | ended
 *
 * It stays as it is while what replaces the instance boots, goes to another place where that cannot be started, and ends
 * with its reservation at the latest. Nothing else ends one, but a second failure, which goes on as a failover of its own.
 */

/** An instance that has not ended and is for GPUs of the failover's place. */
export type Replacement = {
  id: string;
  name: string;
  status: string;
  wanted: string;
  stopReason: string | null;
  failure: string | null;
  /** Milliseconds that it ran before. */
  ranMs: bigint;
  runningSince: Date | null;
};

export type Seen = {
  now: Date;
  /** Places that the failover was given so far. */
  places: number;
  reservation: { status: string; endsAt: Date; endedAt: Date | null };
  /** Whether the reservation has any of its new GPUs at the moment. */
  held: boolean;
  replacements: readonly Replacement[];
};

/** @property at until when the GPUs were missing @property gaveUp nothing runs in its place, though its GPUs are there */
export type Ending = { at: Date; status: "recovered" | "ended"; what: string; gaveUp: boolean };

export type Step =
  | { kind: "wait" }
  /** These instances need another place; without one it ends. */
  | { kind: "elsewhere"; broken: Replacement[]; otherwise: Ending }
  | { kind: "end"; ending: Ending };

const WAIT: Step = { kind: "wait" };

export function stepFailover({ now, places, reservation, held, replacements }: Seen): Step {
  if (reservation.status !== "active" || reservation.endsAt <= now) {
    const at = reservation.endedAt ?? reservation.endsAt;
    return ended(at, "The reservation ended before it ran again.");
  }
  // Otherwise the time until the end of the reservation would count as missing.
  if (!held) return ended(now, "The reservation does not have these GPUs any more.");
  const [first] = replacements;
  // It has its GPUs and nobody has made its instance yet, or what replaced it failed and is about to fail over.
  if (!first) return WAIT;
  const stopped = replacements.find(({ stopReason }) => stopReason === "requested");
  if (stopped) return ended(now, `${stopped.name} was stopped by hand.`);
  const broken = replacements.filter(cannotStart);
  const [one] = broken;
  if (one) {
    const what = `${one.name} could not be started in its place: ${one.failure}`;
    const otherwise: Ending = { at: now, status: "ended", what, gaveUp: true };
    return places < FAILOVER_LIMITS.places
      ? { kind: "elsewhere", broken, otherwise }
      : { kind: "end", ending: otherwise };
  }
  if (replacements.some(({ status }) => status !== "running")) return WAIT;
  const since = Math.max(...replacements.map(({ runningSince }) => (runningSince ?? now).getTime()));
  return {
    kind: "end",
    ending: { at: new Date(since), status: "recovered", what: `${first.name} runs again.`, gaveUp: false },
  };
}

/** One that ran before has failed anew, which is a failure of its own; one that was asked to start again may yet run. */
function cannotStart({ status, wanted, ranMs }: Replacement): boolean {
  return status === "failed" && wanted === "stopped" && ranMs === 0n;
}

function ended(at: Date, what: string): Step {
  return { kind: "end", ending: { at, status: "ended", what, gaveUp: false } };
}
