import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { Agent } from "undici";
import { Node, Yallist } from "yallist";
import { httpRule } from "@/lib/env";
import { memoize } from "@/lib/memoize";
import { createEgressPolicy, type EgressPolicy } from "@/lib/net/address";
import { checkUrl, EgressDenied, type HttpRule, portOf } from "@/lib/net/egress-url";
import { Exchange, type Lane, type OutboundResponse, type Target } from "@/lib/net/exchange";
import { createGuardedConnector, type GuardedConnector } from "@/lib/net/guarded-connector";
import { describeFailure, type Failure, OutboundError, STOPPED } from "@/lib/net/outbound-error";
import { OwnNetwork } from "@/lib/net/own-network";
import { isOwnReceiver } from "@/lib/net/own-receiver";
import { createResolver, nameServersAnswer, type Resolve } from "@/lib/net/resolver";

export type { OutboundResponse } from "@/lib/net/exchange";

export interface GuardedClientOptions {
  policy: EgressPolicy;
  /** Looks up host names; by default a resolver that fits the policy. Its failures are never taken for our own. */
  resolve?: Resolve;
  /** Name servers to ask instead of the system's, as `address:port`. */
  nameServers?: readonly string[];
  /** Origin of this console; its test receiver may be posted to although it is internal (see isOwnReceiver). */
  selfOrigin?: string;
  /** Which http:// URLs are sent to; by default as this installation is configured. */
  http?: HttpRule;
  /**
   * Open connections to one origin. At least the number of requests under way at once: a request that finds all of
   * them busy waits for one, and the waiting counts towards its deadline.
   */
  connectionsPerOrigin?: number;
  /** For look-up, TCP and TLS together, in ms. */
  connectTimeoutMs?: number;
  /** How long an idle connection is kept, in ms; a receiver's own hint counts instead, up to a minute. */
  keepAliveMs?: number;
  /** Certificate authorities to trust instead of the built-in ones, as PEM. */
  ca?: string[];
}

export interface OutboundRequest {
  url: string;
  headers: Record<string, string>;
  body: string | Buffer;
  /** For the whole exchange: look-up, connection, sending, answer and its body. In ms. */
  deadlineMs?: number;
  maxResponseBytes?: number;
  /** Ends the request early, as the failure `shutdown`. */
  signal?: AbortSignal;
}

export interface GuardedClient {
  /**
   * Sends one POST. Any answer is a result, whatever its status; redirects are not followed.
   * @throws OutboundError (as a rejection, and nothing else)
   */
  post(request: OutboundRequest): Promise<OutboundResponse>;
  /** Stops what is under way as `shutdown` and closes all connections. Later requests fail the same way. */
  close(): Promise<void>;
}

const DEFAULT_DEADLINE_MS = 10_000;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024;
const MAX_KEEP_ALIVE_MS = 60_000;
const MAX_HEADER_BYTES = 16 * 1024;
const URLS_REMEMBERED = 1_000;

/**
 * The only way out for requests to addresses that users choose. See checkUrl and createGuardedConnector for what is
 * refused, Exchange for how an exchange ends. Addresses that the operator allows keep all other protections.
 */
export function createGuardedClient(options: GuardedClientOptions): GuardedClient {
  const { policy, http = httpRule } = options;
  const selfOrigin = options.selfOrigin === undefined ? undefined : new URL(options.selfOrigin).origin;
  const { resolve, nameServers } = options;
  const network = new OwnNetwork(resolve === undefined ? () => nameServersAnswer(nameServers) : async () => true);
  const general = openLane(policy, network, options);
  // Connections to the console itself are kept apart, so that the exception cannot serve any other URL.
  const own = selfOrigin === undefined ? undefined : openLane(ownPolicy(selfOrigin), network, options);
  const lanes = own === undefined ? [general] : [general, own];
  // Linked lists, for the reason that LongRequests tells.
  const underWay = new Yallist<Exchange>();
  // By the signal that ends them: with a listener for each exchange, taking one away means looking through all.
  const bySignal = new WeakMap<AbortSignal, Yallist<Exchange>>();
  let starting: Exchange | undefined;
  let closed = false;

  // undici announces a request to its handler and then, in the same synchronous step, on this channel together with
  // the socket; it offers no other way to learn which connection a request is written to.
  const onSendHeaders = (message: unknown): void => {
    const exchange = starting;
    starting = undefined;
    if (exchange === undefined || !isObject(message) || !(message.socket instanceof Socket)) return;
    for (const { connector } of lanes) {
      const record = connector.recordOf(message.socket);
      if (record !== undefined) exchange.attach(message.socket, record);
    }
  };
  subscribe("undici:client:sendHeaders", onSendHeaders);

  const targetOf = memoize(URLS_REMEMBERED, (raw): Target => {
    const url = checkUrl(raw, policy, { http, selfOrigin });
    const isOwn = selfOrigin !== undefined && isOwnReceiver(raw, selfOrigin);
    return { origin: url.origin, path: url.pathname + url.search, lane: isOwn && own !== undefined ? own : general };
  });

  const endedBy = (signal: AbortSignal): Yallist<Exchange> => {
    const known = bySignal.get(signal);
    if (known !== undefined) return known;
    const exchanges = new Yallist<Exchange>();
    bySignal.set(signal, exchanges);
    signal.addEventListener("abort", () => stopAll(exchanges), { once: true });
    return exchanges;
  };

  return {
    async post(request) {
      const { deadlineMs = DEFAULT_DEADLINE_MS, maxResponseBytes = DEFAULT_MAX_RESPONSE_BYTES, signal } = request;
      if (closed || signal?.aborted) throw unsent(STOPPED);
      const target = refusalsAsFailures(() => targetOf(request.url));
      const ended = signal && endedBy(signal);
      return new Promise((resolve, reject) => {
        const done = (): void => {
          underWay.removeNode(place);
          ended?.removeNode(placeBySignal);
        };
        const exchange = new Exchange({
          target,
          headers: request.headers,
          body: typeof request.body === "string" ? Buffer.from(request.body) : request.body,
          deadlineMs,
          maxResponseBytes,
          onStart: (started) => {
            starting = started;
          },
          onResponse: (response) => {
            done();
            resolve(response);
          },
          onError: (error) => {
            done();
            reject(error);
          },
        });
        const place = new Node(exchange);
        const placeBySignal = new Node(exchange);
        underWay.pushNode(place);
        ended?.pushNode(placeBySignal);
        exchange.send();
      });
    },

    async close() {
      if (closed) return;
      closed = true;
      stopAll(underWay);
      await Promise.all(lanes.flatMap(({ pooled, fresh }) => [pooled.destroy(), fresh.destroy()]));
      unsubscribe("undici:client:sendHeaders", onSendHeaders);
    },
  };
}

/** Of a copy of the list, which each of them leaves as it ends. */
function stopAll(exchanges: Yallist<Exchange>): void {
  for (const exchange of [...exchanges]) exchange.stop();
}

/** Connections under one policy; those for second tries are never kept, so that each is certainly new. */
function openLane(
  policy: EgressPolicy,
  network: OwnNetwork,
  options: GuardedClientOptions,
): Lane & { connector: GuardedConnector } {
  const onAnswer = (): void => network.answered();
  const connector = createGuardedConnector({
    policy,
    resolve: options.resolve ?? createResolver(policy, { servers: options.nameServers, onAnswer }),
    network,
    timeoutMs: options.connectTimeoutMs ?? 5_000,
    ca: options.ca,
  });
  const settings: Agent.Options = {
    connect: connector.connect,
    connections: options.connectionsPerOrigin ?? 128,
    pipelining: 1,
    keepAliveTimeout: options.keepAliveMs ?? 4_000,
    keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The deadline of each exchange bounds both; a timer per phase would not end an answer that drips.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  return { connector, pooled: new Agent(settings), fresh: new Agent(settings) };
}

/** Allows the console's own host and port and nothing else internal. */
function ownPolicy(selfOrigin: string): EgressPolicy {
  const url = new URL(selfOrigin);
  return createEgressPolicy([`${url.hostname}:${portOf(url)}`]);
}

function refusalsAsFailures<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof EgressDenied) throw unsent(describeFailure(error));
    throw error;
  }
}

function unsent(failure: Failure): OutboundError {
  return new OutboundError(failure, { timings: { total_ms: 0 }, reconnected: false });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
