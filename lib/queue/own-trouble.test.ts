import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { log } from "@/lib/log";
import { OwnTrouble } from "@/lib/queue/own-trouble";
import type { Settlement } from "@/lib/queue/settle";

const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.spyOn(log, "warn");
  vi.spyOn(log, "info");
});
afterEach(() => {
  vi.restoreAllMocks();
});

function settlement(outcome: Settlement["outcome"], errorCode: string | null, errorMessage: string | null): Settlement {
  return {
    deliveryId: "dlv_1",
    leaseToken: "",
    projectId: "prj_1",
    webhookId: "wh_1",
    isFailing: false,
    isOrdered: false,
    isForgedTest: false,
    pauseMs: 0,
    outcome,
    attempt: {
      number: 1,
      trigger: "auto",
      startedAt: new Date(0),
      httpStatus: null,
      errorCode,
      errorMessage,
      latencyMs: 0,
      timings: {},
      requestHeaders: {},
      responseHeaders: null,
      responseBody: null,
      responseTruncated: false,
      responseBytes: null,
      remoteAddress: null,
    },
  };
}

const released = { kind: "released", inMs: 5_000 } as const;

it("is logged once when it begins and once when nothing was seen of it for two minutes", () => {
  const trouble = new OwnTrouble();
  for (let at = 0; at <= MINUTE_MS; at += 100) trouble.record(settlement(released, "our_side", "No way out."), at);
  expect(log.warn).toHaveBeenCalledTimes(1);
  trouble.record(settlement(released, "secret_unreadable", "Wrong key."), MINUTE_MS);
  expect(log.warn).toHaveBeenCalledTimes(2);
  expect(trouble.describe(3 * MINUTE_MS)).toBe("No way out. Wrong key.");
  expect(log.info).not.toHaveBeenCalled();
  expect(trouble.describe(3 * MINUTE_MS + 1)).toBeNull();
  expect(trouble.describe(4 * MINUTE_MS)).toBeNull();
  expect(log.info).toHaveBeenCalledTimes(2);
});

it("is neither a receiver's failure nor a shutdown", () => {
  const trouble = new OwnTrouble();
  trouble.record(settlement({ kind: "retry", inMs: 1 }, "dns_failed", "No such host."));
  trouble.record(settlement({ kind: "failed" }, "http_status", "Answered 500."));
  trouble.record(settlement(released, null, null));
  expect(trouble.describe()).toBeNull();
  expect(log.warn).not.toHaveBeenCalled();
});
