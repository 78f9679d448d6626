import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DIFF_LIMITS } from "@/lib/contracts/attempts";
import { type DiffSide, diffAttempts } from "@/lib/webhooks/attempt-diff";

const success: DiffSide = {
  url: "https://example.com/hook",
  eventType: "instance.started",
  remoteAddress: "203.0.113.7:443",
  requestHeaders: { "content-type": "application/json", "webhook-id": "evt_1", "webhook-timestamp": "1" },
  requestBody: '{"id":"evt_1","data":{"instance_id":"i-1","gpus":[{"slot":0}]}}',
  httpStatus: 200,
  errorCode: null,
  response: {
    headers: { "content-type": "application/json", date: "Mon" },
    body: '{"ok":true,"received":"rcv_01m80qfkqpe05bk3s53zchx4qz","request_id":"a"}',
  },
  timings: { queue_ms: 3, dns_ms: 4, connect_ms: 10, tls_ms: 20, first_byte_ms: 80, total_ms: 90 },
};

const changesOf = (after: Partial<DiffSide>, name: "request" | "response" | "timings", before: DiffSide = success) => {
  const found = diffAttempts(before, { ...before, ...after }).find((section) => section.name === name);
  return (found?.changes ?? []).map(({ path, before: a, after: b, kind }) => [path, a, b, kind]);
};

describe("diffAttempts", () => {
  it("finds nothing where nothing differs", () => {
    expect(diffAttempts(success, success)).toEqual([
      { name: "request", changes: [], left_off: 0 },
      { name: "response", changes: [], left_off: 0 },
      { name: "timings", changes: [], left_off: 0 },
    ]);
  });

  it("tells another destination, and headers whatever their case", () => {
    const requestHeaders = { "Content-Type": "application/json", "webhook-id": "evt_2", "X-Team": "gpu" };
    const changes = changesOf({ remoteAddress: "198.51.100.1:443", requestHeaders }, "request");
    expect(changes).toEqual([
      ["address", "203.0.113.7:443", "198.51.100.1:443", "changed"],
      ["header x-team", null, "gpu", "added"],
      ["header webhook-id", "evt_1", "evt_2", "expected"],
      ["header webhook-timestamp", "1", null, "expected"],
    ]);
  });

  it("compares the shape of the request, not its values", () => {
    const same = '{"id":"evt_2","data":{"instance_id":"i-2","gpus":[{"slot":7},{"slot":8}]}}';
    expect(changesOf({ requestBody: same }, "request")).toEqual([["body size", "63 bytes", "74 bytes", "expected"]]);
    const other = '{"id":"evt_2","data":{"instance_id":2,"gpus":[{"slot":0,"uuid":"x"}]}}';
    expect(changesOf({ requestBody: other }, "request")).toEqual([
      ["body.data.instance_id", "string", "number", "changed"],
      ["body.data.gpus[].uuid", null, "string", "added"],
      ["body size", "63 bytes", "70 bytes", "expected"],
    ]);
  });

  it("tells an answer's status, headers and body, with what changes every time folded away", () => {
    const response = {
      headers: { "content-type": "application/json", date: "Tue", "retry-after": "30" },
      body: '{"ok":false,"received":"rcv_01m80qfnnqe05bk3vxt6ssv6vt","request_id":"b","error":{"code":"overloaded"}}',
    };
    expect(changesOf({ httpStatus: 503, errorCode: "http_status", response }, "response")).toEqual([
      ["status", "200", "503", "changed"],
      ["header retry-after", null, "30", "added"],
      ["body.ok", "true", "false", "changed"],
      ["body.error.code", null, '"overloaded"', "added"],
      ["header date", "Mon", "Tue", "expected"],
      ["body.received", '"rcv_01m80qfkqpe05bk3s53zchx4qz"', '"rcv_01m80qfnnqe05bk3vxt6ssv6vt"', "expected"],
      ["body.request_id", '"a"', '"b"', "expected"],
    ]);
  });

  it("says only why when no answer came", () => {
    const changes = changesOf({ httpStatus: null, errorCode: "tls_failed", response: null }, "response");
    expect(changes).toEqual([
      ["status", "200", null, "removed"],
      ["error", null, "tls_failed", "added"],
    ]);
  });

  it("lays texts against each other line by line", () => {
    const headers = { "content-type": "text/plain" };
    const before = { ...success, response: { headers, body: "one\ntwo\nthree\n" } };
    const after = { response: { headers, body: "one\nzwei\nthree\nfour\n" } };
    expect(changesOf(after, "response", before)).toEqual([
      ["body line 2", "two\n", "zwei\n", "changed"],
      ["body line 4", null, "four\n", "added"],
    ]);
  });

  it("takes small differences of time for weather, and a kept connection too", () => {
    const timings = { queue_ms: 9, first_byte_ms: 850, total_ms: 861 };
    expect(changesOf({ timings }, "timings")).toEqual([
      ["first byte", "80 ms", "850 ms", "changed"],
      ["total", "90 ms", "861 ms", "changed"],
      ["look-up", "4 ms", null, "expected"],
      ["connect", "10 ms", null, "expected"],
      ["tls", "20 ms", null, "expected"],
      ["queue wait", "3 ms", "9 ms", "expected"],
    ]);
  });

  it("stays within its limits and says what it left off", () => {
    const keys = Array.from({ length: DIFF_LIMITS.changes + 5 }, (_, index) => [`k${index}`, index]);
    const response = { headers: {}, body: JSON.stringify(Object.fromEntries(keys)) };
    const sections = diffAttempts({ ...success, response: { headers: {}, body: "{}" } }, { ...success, response });
    const found = sections.find(({ name }) => name === "response");
    expect(found?.changes).toHaveLength(DIFF_LIMITS.changes);
    // One more is the empty object that went away.
    expect(found?.left_off).toBe(6);
    const [long] = changesOf({ url: `https://example.com/${"x".repeat(5000)}` }, "request");
    expect(long?.[2]).toHaveLength(DIFF_LIMITS.valueLength + 1);
  });

  it("survives any body, deeply nested ones too", () => {
    const nested = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const body = fc.oneof(fc.json(), fc.string(), fc.constant(nested), fc.constant('{"__proto__":{"a":1}}'));
    fc.assert(
      fc.property(body, body, (a, b) => {
        const before = { ...success, requestBody: a, response: { headers: {}, body: a } };
        const [request, response] = diffAttempts(before, {
          ...before,
          requestBody: b,
          response: { headers: {}, body: b },
        });
        if (a === b) expect([...(request?.changes ?? []), ...(response?.changes ?? [])]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
