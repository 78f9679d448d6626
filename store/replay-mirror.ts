import type { Replay } from "@/lib/contracts/replays";

/**
 * The newer of two copies of a replay. The job's own revision decides; of the same revision, the one in which more of its
 * deliveries have ended. What cannot be told apart counts as newer when it was received later.
 */
export function newerReplay<R extends Replay>(held: R, received: R): R {
  if (received.revision !== held.revision) return received.revision > held.revision ? received : held;
  return endedOf(received) >= endedOf(held) ? received : held;
}

function endedOf({ outcome }: Replay): number {
  return outcome.delivered + outcome.failed;
}
