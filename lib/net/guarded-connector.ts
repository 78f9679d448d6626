import { isIP, Socket } from "node:net";
import { buildConnector } from "undici";
import type { EgressPolicy } from "@/lib/net/address";
import { checkLiteral, EgressDenied, portOf } from "@/lib/net/egress-url";
import { createGuardedLookup, mayReach, UNRESOLVED } from "@/lib/net/guarded-lookup";
import type { OwnNetwork } from "@/lib/net/own-network";
import type { Resolve } from "@/lib/net/resolver";

/** How long the parts of opening a connection took, in ms; a part that was not needed or not reached is absent. */
export type ConnectionTimings = {
  dns_ms?: number;
  connect_ms?: number;
  tls_ms?: number;
};

/** What is known about an open connection. */
export interface ConnectionRecord {
  readonly timings: ConnectionTimings;
  /** "ip:port", with brackets around an IPv6 address; "" when the peer is gone already. */
  readonly remoteAddress: string;
  /** Requests sent on it so far. */
  requests: number;
}

export type ConnectionPhase = "dns" | "connect" | "tls";

type FailedConnection = { phase: ConnectionPhase; timings: ConnectionTimings; cause: Error; isOurs?: boolean };

/** A connection that was not opened: the phase that failed, its cause, and the times so far. For the operator. */
export class ConnectionFailure extends Error {
  override name = "ConnectionFailure";
  readonly code = "CONNECTION_FAILURE";
  readonly phase: ConnectionPhase;
  readonly timings: ConnectionTimings;
  override readonly cause: Error;
  /** Our own network is to blame, see OwnNetwork. */
  readonly isOurs: boolean;

  constructor({ phase, timings, cause, isOurs = false }: FailedConnection) {
    super(`${phase}: ${cause.message}`);
    this.phase = phase;
    this.timings = timings;
    this.cause = cause;
    this.isOurs = isOurs;
  }
}

export interface GuardedConnector {
  /** For undici's `connect` option. Fails with ConnectionFailure only. */
  connect: buildConnector.connector;
  /** The record of a socket that this connector opened. */
  recordOf(socket: Socket): ConnectionRecord | undefined;
}

export interface ConnectorOptions {
  policy: EgressPolicy;
  resolve: Resolve;
  /** Told of every connection, and asked who is to blame for one that failed. */
  network: OwnNetwork;
  /** For look-up, TCP and TLS together. */
  timeoutMs: number;
  /** Certificate authorities to trust instead of the built-in ones, as PEM. */
  ca?: string[] | undefined;
}

/**
 * Opens connections only to addresses that the policy lets through. IP literals are checked here, because a socket's
 * look-up hook is never called for them. Names are checked in that hook, so that what is checked is what is connected
 * to. The peer is checked once more before any byte of HTTP is sent. A kept-alive connection stays at its address.
 */
export function createGuardedConnector({
  policy,
  resolve,
  network,
  timeoutMs,
  ca,
}: ConnectorOptions): GuardedConnector {
  const records = new WeakMap<Socket, ConnectionRecord>();

  const connect: buildConnector.connector = (options, callback) => {
    const hostname = options.hostname.replace(/^\[|\]$/g, "");
    const port = portOf(options);
    const isLiteral = isIP(hostname) !== 0;
    if (isLiteral) {
      const denial = literalDenial({ address: hostname, port, policy });
      if (denial !== undefined) {
        const failure = new ConnectionFailure({ phase: "connect", timings: {}, cause: denial });
        process.nextTick(callback, failure, null);
        return;
      }
    }

    const clock = startClock(isLiteral ? "connect" : "dns");
    const lookup = createGuardedLookup({ policy, port, resolve });
    // One per connection, because the hook is not told the port. It also means that no TLS session is resumed, which is
    // as well: a resumed one skips the check of the certificate's name.
    const open = buildConnector({
      timeout: timeoutMs,
      lookup: (name, lookupOptions, answer) =>
        lookup(name, lookupOptions, (error, address, family) => {
          if (error === null) clock.enter("connect");
          answer(error, address, family);
        }),
      ...(ca === undefined ? {} : { ca }),
    });
    const opening: unknown = open(options, (error, socket) => {
      if (error !== null) {
        blame(clock.failure(error), network, (failure) => callback(failure, null));
        return;
      }
      const remoteAddress = socket.remoteAddress ?? "";
      if (!mayReach(remoteAddress, { hostname, port, policy })) {
        socket.destroy();
        const detail = `connected to ${remoteAddress || "a peer that is gone"}`;
        return callback(clock.failure(new EgressDenied({ layer: "peer", reason: UNRESOLVED, detail })), null);
      }
      network.connected(remoteAddress);
      records.set(socket, { timings: clock.finish(), remoteAddress: peerOf(socket), requests: 0 });
      callback(null, socket);
    });
    // undici returns the socket although the type does not say so. Without it connect_ms would include the TLS part.
    if (opening instanceof Socket && options.protocol === "https:") opening.once("connect", () => clock.enter("tls"));
  };

  return { connect, recordOf: (socket) => records.get(socket) };
}

/** Hands the failure on once it is known whether it is ours; at once where it cannot be. */
function blame(failure: ConnectionFailure, network: OwnNetwork, done: (failure: ConnectionFailure) => void): void {
  network.failed(failure);
  if (!network.mayBeAtFault(failure)) {
    done(failure);
    return;
  }
  const { phase, timings, cause } = failure;
  void network.isAtFault(failure).then((isOurs) => done(new ConnectionFailure({ phase, timings, cause, isOurs })));
}

/** Milliseconds with one decimal, for timings that people read. */
export function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  if (remoteAddress === undefined || remotePort === undefined) return "";
  return isIP(remoteAddress) === 6 ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}

function literalDenial(literal: Parameters<typeof checkLiteral>[0]): EgressDenied | undefined {
  try {
    checkLiteral(literal);
    return undefined;
  } catch (error) {
    if (error instanceof EgressDenied) return error;
    throw error;
  }
}

interface Clock {
  enter(next: ConnectionPhase): void;
  finish(): ConnectionTimings;
  failure(cause: Error): ConnectionFailure;
}

/** Measures the phases of one connection; each ends where the next begins. */
function startClock(first: ConnectionPhase): Clock {
  const timings: ConnectionTimings = {};
  let phase = first;
  let since = performance.now();
  const endPhase = (): void => {
    const now = performance.now();
    timings[`${phase}_ms`] = roundMs(now - since);
    since = now;
  };
  return {
    enter(next) {
      endPhase();
      phase = next;
    },
    finish() {
      endPhase();
      return timings;
    },
    failure(cause) {
      endPhase();
      return new ConnectionFailure({ phase, timings, cause });
    },
  };
}
