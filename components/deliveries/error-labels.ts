const LABELS: Readonly<Record<string, string>> = {
  http_status: "Answer other than 2xx",
  timeout: "No answer in time",
  connect_failed: "Connection refused",
  connect_timeout: "No connection in time",
  connection_reset: "Connection closed",
  tls_failed: "TLS failed",
  dns_failed: "Host name not found",
  protocol_error: "Not an HTTP answer",
  address_blocked: "Address blocked",
  invalid_request: "Request cannot be written",
  secret_unreadable: "Secret cannot be read",
  our_side: "Trouble on our side",
};

/** Why an attempt got no good answer, as the worker records it. Other codes can stand in the URL. */
export const ERROR_CODES: readonly string[] = Object.keys(LABELS);

/** The code in words; itself where it is not known. */
export function errorLabel(code: string): string {
  return LABELS[code] ?? code;
}
