import { Node, Yallist } from "yallist";

/** How often requests under way are looked over, in ms. */
const LOOK_MS = 100;

/** What happens to a request that has taken so many milliseconds. */
export type Stage<Request> = { afterMs: number; happens: (request: Request) => void };

type Entry<Request> = { request: Request; stagesReached: number };

/** Where a request stands, to say that it is over. */
export type Place<Request> = Node<Entry<Request>>;

/**
 * Notices requests that take long, at most LOOK_MS late. One timer for all of them: nearly every request is over before
 * it takes long, and a timer per stage of thousands a second would be set and cleared for nothing.
 *
 * A linked list, not a Map or Set: those take a new table every few hundred changes, and the old one points to it. Once V8
 * has moved one of them among its old objects, it keeps all that follow alive, and every request that was ever in them,
 * until that space is collected: at thousands a second each request was copied twice for it.
 */
export class LongRequests<Request extends { startedAt: number }> {
  readonly #stages: readonly Stage<Request>[];
  /** In the order of their start. */
  readonly #underWay = new Yallist<Entry<Request>>();
  #timer: NodeJS.Timeout | undefined;

  /** @param stages in the order of time */
  constructor(stages: readonly Stage<Request>[]) {
    this.#stages = stages;
  }

  /** @param request `startedAt` is in milliseconds of performance.now() */
  add(request: Request): Place<Request> {
    const place = new Node({ request, stagesReached: 0 });
    this.#underWay.pushNode(place);
    this.#timer ??= setInterval(() => this.#look(performance.now()), LOOK_MS);
    return place;
  }

  delete(place: Place<Request>): void {
    this.#underWay.removeNode(place);
  }

  #look(now: number): void {
    if (this.#underWay.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    for (const entry of this.#underWay) {
      const { request, stagesReached } = entry;
      const due = this.#stages.slice(stagesReached).filter(({ afterMs }) => now - request.startedAt >= afterMs);
      for (const { happens } of due) happens(request);
      entry.stagesReached += due.length;
      // Those after it are younger.
      if (entry.stagesReached === 0) return;
    }
  }
}
