export type ErrorExplanation = {
  /** What happened. */
  meaning: string;
  /** What to do about it, and where. */
  remedy: string;
};

const EXPLANATIONS: Readonly<Record<string, ErrorExplanation>> = {
  address_blocked: {
    meaning: "The URL points to an address that deliveries may not go to, such as a private network. Nothing was sent.",
    remedy: "Use a public address, or ask whoever runs this installation to allow it (EGRESS_ALLOW).",
  },
  dns_failed: {
    meaning: "The host name did not lead to an address that may be reached.",
    remedy:
      "Check the spelling of the host in the webhook's URL and its public DNS records; new ones take a while to spread.",
  },
  connect_failed: {
    meaning: "The address was found, but nothing accepted a connection there.",
    remedy: "Check that the server runs, listens on this port, and that no firewall turns us away.",
  },
  connect_timeout: {
    meaning: "No connection came about in time; mostly a firewall drops the packets without an answer.",
    remedy: "Let connections from this installation through, and check that the server is not overloaded.",
  },
  tls_failed: {
    meaning: "The connection could not be encrypted, or the certificate could not be trusted.",
    remedy: "Install a valid certificate for this host name with its whole chain, and allow TLS 1.2 or newer.",
  },
  timeout: {
    meaning: "The receiver took the request and did not answer within 10 seconds.",
    remedy:
      "Answer 2xx at once and do the work afterwards, for example from a queue. It may have acted on the event already: recognise repeats by webhook-id.",
  },
  connection_reset: {
    meaning: "The receiver closed the connection before it answered.",
    remedy:
      "Look for a crash, a restart or a proxy limit at this time. It may have acted on the event already: recognise repeats by webhook-id.",
  },
  protocol_error: {
    meaning: "What came back is not an HTTP/1.1 answer that can be read, or its headers are larger than 16 KiB.",
    remedy: "Check that the port speaks HTTP, and https where the URL says so, and that no proxy adds large headers.",
  },
  invalid_request: {
    meaning: "The request cannot be written as HTTP. Nothing was sent.",
    remedy: "Correct the webhook's URL or its custom headers; a line break in a value is the usual cause.",
  },
  shutdown: {
    meaning: "This installation was stopping while the request was under way.",
    remedy: "Nothing to do: the delivery is taken up again by itself.",
  },
  secret_unreadable: {
    meaning: "The webhook's secret cannot be decrypted with this installation's key. Nothing was sent.",
    remedy: "Restore DUMONT_SECRET_KEY as it was, or make a new secret for the webhook.",
  },
};

/** What an answer says that was not 2xx, where its status has a meaning of its own for deliveries. */
const STATUS_EXPLANATIONS: Readonly<Record<number, ErrorExplanation>> = {
  401: {
    meaning: "The receiver refused the request as not authenticated.",
    remedy:
      "Check that it verifies the signature with the present secret over the exact bytes, and its custom headers.",
  },
  403: {
    meaning: "The receiver, or something in front of it, refused the request.",
    remedy: "Check signature verification, allow-lists and bot protection on the way.",
  },
  404: { meaning: "There is nothing at this path.", remedy: "Check the path of the webhook's URL." },
  405: { meaning: "The path does not take POST.", remedy: "Accept POST at the webhook's URL." },
  410: {
    meaning: "The receiver says that it is gone for good.",
    remedy: "The webhook is disabled by it; enable it again once the receiver is back.",
  },
  413: { meaning: "The body is larger than the receiver takes.", remedy: "Raise its limit, mostly that of a proxy." },
  429: {
    meaning: "The receiver asks for fewer requests.",
    remedy: "Its Retry-After is obeyed; a rate limit on the webhook keeps below what it takes.",
  },
};

/** What an attempt's error means and what to do; null where there was none. */
export function explainError(code: string | null, status: number | null): ErrorExplanation | null {
  if (code === null) return null;
  if (status === null) {
    return (
      EXPLANATIONS[code] ?? {
        meaning: "The attempt failed before an answer came.",
        remedy: "Try again; if it stays, report it with the delivery's id.",
      }
    );
  }
  const known = STATUS_EXPLANATIONS[status];
  if (known !== undefined) return known;
  if (status >= 300 && status <= 399) {
    return {
      meaning: "The receiver redirects; redirects are not followed.",
      remedy: "Use the final URL in the webhook.",
    };
  }
  if (status >= 500) {
    return {
      meaning: "The receiver had an error of its own, or a proxy could not reach it.",
      remedy: "Look into its log at this time; the response below may say more.",
    };
  }
  return {
    meaning: "The receiver refused the request; only 2xx counts as delivered.",
    remedy: "The response below should say why. Answer 2xx for events that it does not care about.",
  };
}
