import { OUTSIDE, type Place } from "@/lib/queue/share";

/**
 * For how long after a change of the workers all of them count by what was before it as well, in milliseconds. Each hears
 * of a change at its own next beat; beats are 5 s apart, and the rest is for those that come late.
 */
export const HEARD_MS = 8_000;

/** The time of a worker among the live ones: how long ago it began and, unless it is alive, ended, in milliseconds. */
export type Stay = { isSelf: boolean; begun: number; ended: number | null };

/**
 * The place of a worker now, and after it those that it had, or would have had, within the last HEARD_MS. All of them, not
 * only those that it heard of at its beats: of changes that come quickly after each other one worker hears of some and the
 * next one of others, and shares of different memberships do not add up to the limit.
 * @param stays in the order of beginning, those that ended within HEARD_MS included
 */
export function placesAmong(stays: readonly Stay[]): [Place, ...Place[]] {
  const changes = new Set(stays.flatMap(({ begun, ended }) => (ended === null ? [begun] : [begun, ended])));
  const before = [...changes]
    .filter((change) => change < HEARD_MS)
    .map((change) =>
      placeIn(stays.filter(({ begun, ended }) => begun > change && (ended === null || ended <= change))),
    );
  return [placeIn(stays.filter(({ ended }) => ended === null)), ...before];
}

function placeIn(members: readonly Stay[]): Place {
  const rank = members.findIndex(({ isSelf }) => isSelf);
  return rank < 0 ? OUTSIDE : { workers: members.length, rank };
}

/**
 * The places by which a worker counts: of those its smallest share holds. So what a change of the workers takes away holds
 * as soon as it hears of it, and what it adds only when everybody has. At any moment there is a membership by which all
 * workers count, the one of HEARD_MS ago, and by one membership the shares add up to the limit.
 */
export class Standing {
  readonly #now: () => number;
  #heard: readonly [Place, ...Place[]];
  #left: { place: Place; until: number }[] = [];

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number, place: Place) {
    this.#now = now;
    this.#heard = [place];
  }

  /** @param heard its place now, and those of the time before by which others may still count */
  hear(heard: readonly [Place, ...Place[]]): void {
    const [before] = this.#heard;
    const [place] = heard;
    // A worker that begins and finds nobody has nobody to wait for.
    if (before === OUTSIDE && place.workers === 1) {
      this.#heard = [place];
      this.#left = [];
      return;
    }
    this.#heard = heard;
    // The database's clock may step, and its past would not be the true one then; what this worker counted by is.
    if (before.workers !== place.workers || before.rank !== place.rank)
      this.#left.push({ place: before, until: this.#now() + HEARD_MS });
  }

  inForce(): Place[] {
    if (this.#left.length > 0) {
      const now = this.#now();
      this.#left = this.#left.filter(({ until }) => until > now);
    }
    return [...this.#heard, ...this.#left.map(({ place }) => place)];
  }
}
