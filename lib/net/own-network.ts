import type { ConnectionPhase } from "@/lib/net/guarded-connector";
import { LookupFailed } from "@/lib/net/guarded-lookup";
import { NetworkEvidence } from "@/lib/net/network-evidence";
import { errorCode } from "@/lib/net/resolver";

/** An answer to the control question, or its absence, holds for this many ms. */
const CONTROL_AGE_MS = 1_000;

const UNREACHABLE_CODES = new Set(["ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EHOSTDOWN"]);
const TIMEOUT_CODES = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);
type FailedConnection = { phase: ConnectionPhase; cause: Error };

/**
 * Watches the connections of one client and says of those that failed whether our own network is to blame, see
 * NetworkEvidence. Only a failure that may be ours costs anything: then a control question is asked, once a second at
 * most.
 */
export class OwnNetwork {
  readonly #evidence = new NetworkEvidence();
  readonly #nameServersAnswer: () => Promise<boolean>;
  #control: Promise<void> = Promise.resolve();
  #controlAt = Number.NEGATIVE_INFINITY;

  /** @param nameServersAnswer the control question; never rejects */
  constructor(nameServersAnswer: () => Promise<boolean>) {
    this.#nameServersAnswer = nameServersAnswer;
  }

  /** A look-up was answered. */
  answered(): void {
    this.#evidence.answered();
  }

  /** A connection was opened to the address. */
  connected(address: string): void {
    // This machine reaches itself however cut off it is.
    if (!isLoopback(address)) this.#evidence.connected();
  }

  /** A connection failed; it may have got as far as another machine. */
  failed({ phase, cause }: FailedConnection): void {
    if (phase === "tls") this.#evidence.connected();
    for (const error of errorsOf(cause)) {
      if (errorCode(error) === "ECONNREFUSED") this.connected(addressOf(error));
    }
  }

  /** Whether the failure may be ours, and `isAtFault` is worth its time. */
  mayBeAtFault(failed: FailedConnection): boolean {
    return isUnanswered(failed) || unreachableAddresses(failed.cause) !== null;
  }

  /** Takes as long as the control question at most: a few seconds. */
  async isAtFault(failed: FailedConnection): Promise<boolean> {
    const addresses = unreachableAddresses(failed.cause) ?? [];
    for (const address of addresses) this.#evidence.unreachable(address, performance.now());
    await this.#askControl();
    return isUnanswered(failed) ? this.#evidence.namesAreSilent : this.#evidence.isCutOff(performance.now());
  }

  #askControl(): Promise<void> {
    if (performance.now() - this.#controlAt < CONTROL_AGE_MS) return this.#control;
    // Until it is answered, everybody waits for this one.
    this.#controlAt = Number.POSITIVE_INFINITY;
    const before = this.#evidence.mark();
    this.#control = this.#nameServersAnswer().then((answered) => {
      this.#controlAt = performance.now();
      if (answered) this.#evidence.answered();
      else this.#evidence.unanswered(before);
    });
    return this.#control;
  }
}

/** A look-up to which no answer came; that there is no such name is an answer. */
function isUnanswered({ phase, cause }: FailedConnection): boolean {
  return cause instanceof LookupFailed || (phase === "dns" && TIMEOUT_CODES.has(errorCode(cause) ?? ""));
}

/** The addresses, if there was no way to any of those that were tried; else null. */
function unreachableAddresses(cause: Error): string[] | null {
  const errors = errorsOf(cause);
  return errors.every((error) => UNREACHABLE_CODES.has(errorCode(error) ?? "")) ? errors.map(addressOf) : null;
}

/** Node.js tries every address of a host and reports all the failures. */
function errorsOf(cause: Error): Error[] {
  const errors = cause instanceof AggregateError ? cause.errors.filter((error) => error instanceof Error) : [];
  return errors.length > 0 ? errors : [cause];
}

function addressOf(error: Error): string {
  return "address" in error && typeof error.address === "string" ? error.address : "";
}

function isLoopback(address: string): boolean {
  return address === "" || address === "::1" || /^(::ffff:)?127\./.test(address);
}
