import { EgressDenied } from "@/lib/net/egress-url";
import { ConnectionFailure, type ConnectionTimings } from "@/lib/net/guarded-connector";
import { LookupFailed } from "@/lib/net/guarded-lookup";
import { errorCode } from "@/lib/net/resolver";

/** Where a request's time went, in ms. */
export type OutboundTimings = ConnectionTimings & {
  /** From the start of the request to the head of the answer; includes opening the connection. */
  first_byte_ms?: number;
  /** The whole request, in whole ms, rounded up. */
  total_ms: number;
};

/**
 * Why a request got no answer:
 * - `address_blocked`: the URL is refused by the guard
 * - `dns_failed`: the host name has no address that may be reached, or could not be looked up
 * - `connect_failed`, `connect_timeout`, `tls_failed`: no connection
 * - `timeout`: connected, but no head of an answer before the deadline
 * - `connection_reset`: the receiver closed the connection before it answered
 * - `protocol_error`: what came back is not an HTTP/1.1 answer that can be accepted
 * - `invalid_request`: the request cannot be written as HTTP, for example a header with a line break
 * - `shutdown`: stopped by us
 */
export type OutboundCode =
  | "address_blocked"
  | "dns_failed"
  | "connect_failed"
  | "connect_timeout"
  | "tls_failed"
  | "timeout"
  | "connection_reset"
  | "protocol_error"
  | "invalid_request"
  | "shutdown";

export interface Failure {
  code: OutboundCode;
  /** One line that may be shown to the tenant: no address that was looked up, nothing about our network. */
  message: string;
  /** For the operator's log only. */
  detail: string;
  /**
   * The failure says nothing about the receiver: we were stopping, or had no name server, no way to the network, no
   * port, no descriptor.
   */
  isOurFault: boolean;
}

export class OutboundError extends Error implements Failure {
  override name = "OutboundError";
  readonly code: OutboundCode;
  readonly detail: string;
  readonly isOurFault: boolean;
  readonly timings: OutboundTimings;
  /** Whether the request was sent a second time because a kept-alive connection turned out to be closed. */
  readonly reconnected: boolean;
  /** "ip:port" of the connection that it happened on; "" when none was opened. */
  readonly remoteAddress: string;

  constructor(
    failure: Failure,
    {
      timings,
      reconnected,
      remoteAddress = "",
    }: { timings: OutboundTimings; reconnected: boolean; remoteAddress?: string },
  ) {
    super(failure.message);
    this.code = failure.code;
    this.detail = failure.detail;
    this.isOurFault = failure.isOurFault;
    this.timings = timings;
    this.reconnected = reconnected;
    this.remoteAddress = remoteAddress;
  }

  /** Whole ms from the start of the request to its failure. */
  get latencyMs(): number {
    return this.timings.total_ms;
  }
}

/** Codes of errors that mean that the other side is gone. */
const CLOSED_CODES = new Set(["UND_ERR_SOCKET", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"]);

/** Local shortages, which no receiver can cause. */
const SHORTAGE_CODES = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENOMEM"]);

/**
 * Resolver errors that a receiver's own name server cannot cause: the resolver in createResolver gives them only when
 * none of ours can be reached.
 */
const RESOLVER_CODES = new Set(["EAI_AGAIN", "ECONNREFUSED", "EAI_MEMORY", "EAI_SYSTEM", ...SHORTAGE_CODES]);

const CERTIFICATE_TEXTS: Record<string, string> = {
  CERT_HAS_EXPIRED: "The receiver's certificate has expired.",
  CERT_NOT_YET_VALID: "The receiver's certificate is not valid yet.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The receiver's certificate is self-signed.",
  SELF_SIGNED_CERT_IN_CHAIN: "The receiver's certificate chain ends in a self-signed certificate.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The receiver's certificate chain is incomplete or its authority is unknown.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The receiver's certificate chain is incomplete or its authority is unknown.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The receiver's certificate is for another host name.",
};

export const STOPPED: Failure = {
  code: "shutdown",
  message: "The request was stopped because this server is shutting down.",
  detail: "stopped",
  isOurFault: true,
};

/** Puts any error of the guard, node:net, node:tls or undici into our words. */
export function describeFailure(error: Error): Failure {
  if (error instanceof EgressDenied) return denied(error);
  if (error instanceof ConnectionFailure) return notConnected(error);
  const code = errorCode(error) ?? "";
  const detail = `${code} ${error.message}`.trim();
  if (code === "UND_ERR_DESTROYED" || code === "UND_ERR_CLOSED") return { ...STOPPED, detail };
  if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED") {
    return failure("invalid_request", "The request cannot be sent: a header or the URL is malformed.", detail);
  }
  if (isClosure(error)) {
    return failure("connection_reset", "The receiver closed the connection before it answered.", detail);
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return failure("protocol_error", "The headers of the answer are larger than 16 KiB.", detail);
  }
  if (code.startsWith("ERR_SSL_")) {
    return failure("tls_failed", "The receiver ended the encrypted connection with an error.", detail);
  }
  return failure("protocol_error", "The receiver's answer is not valid HTTP/1.1.", detail);
}

/** Whether the other side closed the connection; undici reports an answer out of place by the same code. */
export function isClosure(error: Error): boolean {
  return CLOSED_CODES.has(errorCode(error) ?? "") && !error.message.startsWith("bad ");
}

function failure(code: OutboundCode, message: string, detail: string): Failure {
  return { code, message, detail, isOurFault: false };
}

function denied(error: EgressDenied): Failure {
  const code = error.layer === "dns" || error.layer === "peer" ? "dns_failed" : "address_blocked";
  return failure(code, error.message, `${error.layer}: ${error.detail}`);
}

function notConnected({ phase, cause, isOurs }: ConnectionFailure): Failure {
  if (cause instanceof EgressDenied) return denied(cause);
  if (cause instanceof LookupFailed) return notLookedUp(cause, isOurs);
  const code = errorCode(cause) ?? "";
  const detail = `${phase}: ${code} ${cause.message}`;
  if (isOurs) return phase === "dns" ? noNameServer(detail) : cutOff(detail);
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT") {
    if (phase === "dns") return failure("dns_failed", "The host name was not resolved in time.", detail);
    return failure("connect_timeout", "The connection was not established in time.", detail);
  }
  if (SHORTAGE_CODES.has(code)) {
    const message = "This server had no resources left for a connection; the request was not sent.";
    return { code: "connect_failed", message, detail, isOurFault: true };
  }
  if (phase === "tls") {
    const message = CERTIFICATE_TEXTS[code] ?? "No encrypted connection could be agreed on with the receiver.";
    return failure("tls_failed", message, detail);
  }
  if (code === "ECONNREFUSED") return failure("connect_failed", "The connection was refused.", detail);
  return failure("connect_failed", "The receiver could not be reached.", detail);
}

function notLookedUp(error: LookupFailed, isOurs: boolean): Failure {
  if (isOurs || RESOLVER_CODES.has(error.dnsCode)) return noNameServer(error.message);
  return failure("dns_failed", "The name server of the host gave no usable answer.", error.message);
}

function noNameServer(detail: string): Failure {
  const message = "No name server could be reached to look up the host name; the request was not sent.";
  return { code: "dns_failed", message, detail, isOurFault: true };
}

function cutOff(detail: string): Failure {
  const message = "This server had no way to the network; the request was not sent.";
  return { code: "connect_failed", message, detail, isOurFault: true };
}
