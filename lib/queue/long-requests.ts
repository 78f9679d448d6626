/** How often requests under way are looked over, in ms. */
const LOOK_MS = 100;

/** What happens to a request that has taken so many milliseconds. */
export type Stage<Request> = { afterMs: number; happens: (request: Request) => void };

/**
 * Notices requests that take long, at most LOOK_MS late. One timer for all of them: nearly every request is over before
 * it takes long, and a timer per stage of thousands a second would be set and cleared for nothing.
 */
export class LongRequests<Request extends { startedAt: number }> {
  readonly #stages: readonly Stage<Request>[];
  /** In the order of their start, with the number of stages that they have reached. */
  readonly #reached = new Map<Request, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param stages in the order of time */
  constructor(stages: readonly Stage<Request>[]) {
    this.#stages = stages;
  }

  /** @param request `startedAt` is in milliseconds of performance.now() */
  add(request: Request): void {
    this.#reached.set(request, 0);
    this.#timer ??= setInterval(() => this.#look(performance.now()), LOOK_MS);
  }

  delete(request: Request): void {
    this.#reached.delete(request);
  }

  #look(now: number): void {
    if (this.#reached.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    for (const [request, reached] of this.#reached) {
      const due = this.#stages.slice(reached).filter(({ afterMs }) => now - request.startedAt >= afterMs);
      for (const { happens } of due) happens(request);
      this.#reached.set(request, reached + due.length);
      // Those after it are younger.
      if (reached + due.length === 0) return;
    }
  }
}
