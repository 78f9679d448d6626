const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  418: "I'm a teapot",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  425: "Too Early",
  426: "Upgrade Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  451: "Unavailable For Legal Reasons",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
  508: "Loop Detected",
  511: "Network Authentication Required",
};

/** The registered words for an HTTP status (RFC 9110); "" for those without. */
export function httpReason(status: number): string {
  return REASONS[status] ?? "";
}

const ERROR_WORDS: Readonly<Record<string, string>> = {
  address_blocked: "Blocked",
  dns_failed: "DNS",
  connect_failed: "Connect",
  connect_timeout: "Timeout",
  tls_failed: "TLS",
  timeout: "Timeout",
  connection_reset: "Reset",
  protocol_error: "Protocol",
  invalid_request: "Invalid",
  shutdown: "Stopped",
  secret_unreadable: "Secret",
  our_side: "Not sent",
};

/** One word for why no answer came, in the place where the HTTP status would stand. */
export function errorWord(code: string): string {
  return ERROR_WORDS[code] ?? "Error";
}
