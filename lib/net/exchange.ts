import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import type { Dispatcher } from "undici";
import { ConnectionFailure, type ConnectionRecord, type ConnectionTimings, roundMs } from "@/lib/net/guarded-connector";
import {
  describeFailure,
  type Failure,
  isClosure,
  OutboundError,
  type OutboundTimings,
  STOPPED,
} from "@/lib/net/outbound-error";

/** An answer whose head arrived; any status, redirects included. */
export interface OutboundResponse {
  status: number;
  /** Lower-case names; several values of one name are joined by ", ". At most 16 KiB came in. */
  headers: Record<string, string>;
  /** The body as it came, content-encoding included, up to the limit. */
  body: Buffer;
  /** The body was longer than the limit, or broke off, or was not there at the deadline. The status stands. */
  truncated: boolean;
  /** How long the body is, in bytes: as far as it was read when it is whole, else as announced; null: not known. */
  totalBytes: number | null;
  /** The request was sent a second time because a kept-alive connection turned out to be closed. */
  reconnected: boolean;
  /** "ip:port" that was connected to, so never an address that the guard refuses; "" when the peer is not known. */
  remoteAddress: string;
  timings: OutboundTimings;
}

/** Where an exchange is sent: over kept-alive connections, or over one that is opened for it and closed after it. */
export interface Lane {
  pooled: Dispatcher;
  fresh: Dispatcher;
}

/** A URL that was checked. */
export interface Target {
  lane: Lane;
  origin: string;
  /** With the query. */
  path: string;
}

export interface ExchangeOptions {
  target: Target;
  headers: Record<string, string>;
  body: Buffer;
  deadlineMs: number;
  maxResponseBytes: number;
  /** Called when undici is about to write the request; in the same breath the socket is given to attach(). */
  onStart(exchange: Exchange): void;
  onResponse(response: OutboundResponse): void;
  onError(error: OutboundError): void;
}

/** More 1xx answers than this before the real one are an attack on our time. */
const MAX_INFORMATIONAL = 16;

/** A length beyond this counts as not known; it is what the log's column holds. */
const MAX_ANNOUNCED_BYTES = 2 ** 31 - 1;

/**
 * One POST and its answer, as a handler of undici's dispatch. Settles exactly once: by the answer, by an error, at the
 * deadline, or by stop(). Once the status is known nothing can make it a failure any more.
 *
 * undici forgets a request that waits for a connection only when that connection comes or fails, so the deadline is
 * kept here, and a request that starts after it is turned away unsent.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #informational = 0;
  #settled = false;
  #reconnected = false;
  #controller: Dispatcher.DispatchController | undefined;
  #connection: { socket: Socket; record: ConnectionRecord; isNew: boolean; bytesBefore: number } | undefined;
  #firstByteMs: number | undefined;
  #head: { status: number; headers: Record<string, string> } | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => this.#expire(), options.deadlineMs);
  }

  send(): void {
    const { target, headers, body } = this.#options;
    const { origin, path, lane } = target;
    const dispatcher = this.#reconnected ? lane.fresh : lane.pooled;
    dispatcher.dispatch({ origin, path, method: "POST", headers, body, reset: this.#reconnected }, this);
  }

  /** Ends the exchange on our behalf: a known status is reported, anything else is the failure `shutdown`. */
  stop(): void {
    if (this.#head === undefined) this.#fail(STOPPED);
    else this.#respond({ truncated: true });
  }

  /** Tells which connection the request is written to; called before the first byte of it. */
  attach(socket: Socket, record: ConnectionRecord): void {
    this.#connection = { socket, record, isNew: record.requests === 0, bytesBefore: socket.bytesRead };
    record.requests += 1;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown rather than aborted: the connection was not used and stays good for the next request.
    if (this.#settled) throw new Error("The exchange ended before it had a connection.");
    this.#controller = controller;
    this.#options.onStart(this);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#firstByteMs ??= performance.now() - this.#startedAt;
    if (status >= 200) {
      this.#head = { status, headers: plainHeaders(headers) };
      return;
    }
    this.#informational += 1;
    if (this.#informational <= MAX_INFORMATIONAL) return;
    this.#fail({
      code: "protocol_error",
      message: "The receiver sent too many provisional answers (1xx).",
      detail: `more than ${MAX_INFORMATIONAL} answers of status 1xx`,
      isOurFault: false,
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#options.maxResponseBytes - this.#size;
    this.#chunks.push(chunk.subarray(0, room));
    this.#size += Math.min(chunk.length, room);
    if (chunk.length > room) this.#respond({ truncated: true });
  }

  onResponseEnd(): void {
    this.#controller = undefined;
    this.#respond({ truncated: false });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#controller = undefined;
    if (this.#settled) return;
    if (this.#head !== undefined) this.#respond({ truncated: true });
    else if (this.#wasStale(error)) {
      this.#reconnected = true;
      this.#connection = undefined;
      this.send();
    } else this.#fail(describeFailure(error), error instanceof ConnectionFailure ? error.timings : {});
  }

  /**
   * Whether a kept-alive connection was closed, as receivers may at any time, before a byte of the answer: the one case
   * that is tried again, once. The receiver may have seen the request; deliveries are at least once and carry an id.
   */
  #wasStale(error: Error): boolean {
    const connection = this.#connection;
    if (this.#reconnected || connection === undefined || connection.isNew) return false;
    return isClosure(error) && connection.socket.bytesRead === connection.bytesBefore;
  }

  #expire(): void {
    const seconds = this.#options.deadlineMs / 1000;
    const detail = `deadline of ${this.#options.deadlineMs} ms`;
    if (this.#head !== undefined) this.#respond({ truncated: true });
    else if (this.#connection === undefined) {
      const message = `No connection was established within ${seconds} s.`;
      this.#fail({ code: "connect_timeout", message, detail, isOurFault: false });
    } else {
      const message = `The receiver did not answer within ${seconds} s.`;
      this.#fail({ code: "timeout", message, detail, isOurFault: false });
    }
  }

  #respond({ truncated }: { truncated: boolean }): void {
    if (this.#settled || this.#head === undefined) return;
    const timings = this.#settle({});
    this.#options.onResponse({
      ...this.#head,
      // A copy, so that a short body does not keep a whole read buffer alive.
      body: Buffer.concat(this.#chunks),
      truncated,
      totalBytes: truncated ? announcedBytes(this.#head.headers, this.#size) : this.#size,
      reconnected: this.#reconnected,
      remoteAddress: this.#connection?.record.remoteAddress ?? "",
      timings,
    });
  }

  #fail(failure: Failure, connecting: ConnectionTimings = {}): void {
    if (this.#settled) return;
    const timings = this.#settle(connecting);
    const remoteAddress = this.#connection?.record.remoteAddress ?? "";
    this.#options.onError(new OutboundError(failure, { timings, reconnected: this.#reconnected, remoteAddress }));
  }

  /** Ends the exchange; what is still to come on the connection is cut off by closing it. */
  #settle(connecting: ConnectionTimings): OutboundTimings {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#controller?.abort(new Error("The exchange has ended."));
    return {
      ...(this.#connection?.isNew ? this.#connection.record.timings : connecting),
      ...(this.#firstByteMs === undefined ? {} : { first_byte_ms: roundMs(this.#firstByteMs) }),
      total_ms: Math.ceil(performance.now() - this.#startedAt),
    };
  }
}

/** The content-length of a body that was not read to its end, when it is one that can be true. */
function announcedBytes(headers: Readonly<Record<string, string>>, read: number): number | null {
  const announced = headers["content-length"] ?? "";
  if (!/^\d{1,10}$/.test(announced)) return null;
  const bytes = Number(announced);
  return bytes >= read && bytes <= MAX_ANNOUNCED_BYTES ? bytes : null;
}

/** Joins repeated headers and takes out control characters, which neither a database nor a screen can show. */
function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  // Built from entries, because a header may be called __proto__.
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = Array.isArray(value) ? value.join(", ") : (value ?? "");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      return [name, text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, "\ufffd")];
    }),
  );
}
