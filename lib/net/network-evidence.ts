/** So many networks out of reach, with no connection to anywhere in between, are our own trouble and not theirs. */
const NETWORKS = 3;

/** For how long a network that was out of reach counts, in ms. */
const UNREACHABLE_FOR_MS = 60_000;

/** What was known when the control question was asked. */
export interface Mark {
  answers: number;
  connections: number;
}

/**
 * Tells our own network's trouble from that of receivers, by what happened to the connections of all of them. Pure: it
 * is told what was seen, and when.
 *
 * - Name servers are silent when a control question, which no receiver has a hand in, got no answer, and no look-up of
 *   any name has since. One receiver's dead name server leaves the control question answered.
 * - We are cut off when three different networks were out of reach within a minute and nothing was connected to in
 *   between, or when the control question got no answer and nothing was. One receiver's network, or a few addresses of
 *   it, are not enough.
 */
export class NetworkEvidence {
  #answers = 0;
  #connections = 0;
  #namesSilent = false;
  #controlFailed = false;
  /** Networks that were out of reach since the last connection, and when, the latest last. */
  readonly #unreachable = new Map<string, number>();

  /** To be taken before the control question is asked, for `unanswered`. */
  mark(): Mark {
    return { answers: this.#answers, connections: this.#connections };
  }

  /** A name server answered: with addresses, or that there are none. */
  answered(): void {
    this.#answers += 1;
    this.#namesSilent = false;
    this.#controlFailed = false;
  }

  /** The control question got no answer; what came meanwhile counts more. */
  unanswered(before: Mark): void {
    if (this.#answers !== before.answers) return;
    this.#namesSilent = true;
    this.#controlFailed = this.#connections === before.connections;
  }

  /** Another machine took a connection, or refused it. */
  connected(): void {
    this.#connections += 1;
    this.#controlFailed = false;
    this.#unreachable.clear();
  }

  /** There was no way to the address. `now` in ms of any one clock. */
  unreachable(address: string, now: number): void {
    const network = networkOf(address);
    this.#unreachable.delete(network);
    this.#unreachable.set(network, now);
    const [oldest] = this.#unreachable.keys();
    if (this.#unreachable.size > NETWORKS && oldest !== undefined) this.#unreachable.delete(oldest);
  }

  /** Whether look-ups fail by our own fault. */
  get namesAreSilent(): boolean {
    return this.#namesSilent;
  }

  /** Whether connections fail by our own fault. `now` of the same clock as for `unreachable`. */
  isCutOff(now: number): boolean {
    if (this.#controlFailed) return true;
    const recent = [...this.#unreachable.values()].filter((at) => now - at <= UNREACHABLE_FOR_MS);
    return recent.length >= NETWORKS;
  }
}

/** Roughly what one provider announces: the first 16 bits of an IPv4 address, 32 of an IPv6 one. */
function networkOf(address: string): string {
  const separator = address.includes(":") ? ":" : ".";
  return address.split(separator, 2).join(separator);
}
