import { expect, it } from "vitest";
import { ATTEMPT_ERROR_CODES } from "@/lib/contracts/attempts";
import type { OutboundCode } from "@/lib/net/outbound-error";

/** Complete by the compiler: a code that is added to OutboundCode and not named here does not compile. */
const RECORDED: Record<OutboundCode | "http_status" | "secret_unreadable", true> = {
  http_status: true,
  address_blocked: true,
  dns_failed: true,
  connect_failed: true,
  connect_timeout: true,
  tls_failed: true,
  timeout: true,
  connection_reset: true,
  protocol_error: true,
  invalid_request: true,
  shutdown: true,
  secret_unreadable: true,
};

it("the contract names every code that an attempt can be recorded with", () => {
  expect([...ATTEMPT_ERROR_CODES].sort()).toEqual(Object.keys(RECORDED).sort());
});
