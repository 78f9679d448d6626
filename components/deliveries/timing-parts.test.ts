import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RecordedAttempt, timingParts, timingScale } from "./timing-parts";

const recorded = (timings: Record<string, number>, more: Partial<RecordedAttempt> = {}): RecordedAttempt => ({
  timings,
  latency_ms: timings.total_ms ?? 0,
  error_code: null,
  remote_address: null,
  ...more,
});

describe("timingParts", () => {
  it("lays look-up, connection, TLS, waiting and body end to end", () => {
    const timings = { dns_ms: 3, connect_ms: 10, tls_ms: 20, first_byte_ms: 83, total_ms: 100, queue_ms: 4 };
    expect(timingParts(recorded(timings))).toEqual({
      parts: [
        { name: "dns", start: 0, length: 3 },
        { name: "connect", start: 3, length: 10 },
        { name: "tls", start: 13, length: 20 },
        { name: "wait", start: 33, length: 50 },
        { name: "body", start: 83, length: 17 },
      ],
      total: 100,
      firstByte: 83,
      queued: 4,
      reused: false,
      failedIn: null,
    });
  });

  it("knows a reused connection by the missing parts", () => {
    const { parts, reused } = timingParts(recorded({ first_byte_ms: 8, total_ms: 9 }));
    expect(reused).toBe(true);
    expect(parts.map(({ name }) => name)).toEqual(["wait", "body"]);
    const silent = { error_code: "timeout", remote_address: "203.0.113.7:443" };
    expect(timingParts(recorded({ total_ms: 10_000 }, silent)).reused).toBe(true);
  });

  it("counts all the time after the connection as waiting when no answer came", () => {
    const { parts, firstByte, reused, failedIn } = timingParts(
      recorded({ connect_ms: 1, total_ms: 10_000 }, { error_code: "timeout" }),
    );
    expect(parts).toEqual([
      { name: "connect", start: 0, length: 1 },
      { name: "wait", start: 1, length: 9_999 },
    ]);
    expect([firstByte, reused, failedIn]).toEqual([null, false, "wait"]);
  });

  it("ends where the attempt failed", () => {
    const timings = { dns_ms: 2, connect_ms: 5, tls_ms: 8, total_ms: 16 };
    const tls = timingParts(recorded(timings, { error_code: "tls_failed" }));
    expect(tls.failedIn).toBe("tls");
    expect(tls.parts.at(-1)).toEqual({ name: "tls", start: 7, length: 9 });
    const never = timingParts(recorded({ total_ms: 10_000 }, { error_code: "connect_timeout" }));
    expect(never.parts).toEqual([{ name: "connect", start: 0, length: 10_000 }]);
    const unsent = timingParts(recorded({ total_ms: 0 }, { error_code: "address_blocked" }));
    expect([unsent.parts, unsent.failedIn]).toEqual([[], null]);
  });

  it("never leaves the whole, whatever was recorded", () => {
    const ms = fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined });
    const code = fc.constantFrom(null, "dns_failed", "connect_failed", "tls_failed", "timeout", "http_status");
    fc.assert(
      fc.property(
        ms,
        ms,
        ms,
        ms,
        fc.integer({ min: 0, max: 20_000 }),
        code,
        (dns, connect, tls, first, total, error) => {
          const figures = { dns_ms: dns, connect_ms: connect, tls_ms: tls, first_byte_ms: first, total_ms: total };
          const timings = Object.fromEntries(
            Object.entries(figures).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
          );
          const { parts } = timingParts(recorded(timings, { error_code: error }));
          const last = parts.at(-1);
          expect(last === undefined ? 0 : last.start + last.length).toBe(total);
          parts.forEach((part, index) => {
            const before = parts[index - 1];
            expect(part.start).toBe(before === undefined ? 0 : before.start + before.length);
          });
        },
      ),
    );
  });
});

describe("timingScale", () => {
  it("puts the wait in the queue before the exchange", () => {
    const { place, queue } = timingScale({ total: 80, queued: 20 });
    expect(queue).toEqual({ width: 20, broken: false });
    expect(place(0, 40)).toEqual({ left: 20, width: 40 });
  });

  it("cuts a wait that is longer than the exchange, and says so", () => {
    const { place, queue } = timingScale({ total: 75, queued: 3_600_000 });
    expect(queue?.broken).toBe(true);
    expect(queue?.width).toBeCloseTo(25);
    expect(place(0, 75)).toEqual({ left: 25, width: 75 });
  });

  it("has none where there was no wait", () => {
    expect(timingScale({ total: 10, queued: null }).queue).toBeNull();
    expect(timingScale({ total: 0, queued: 0 }).place(0, 0)).toEqual({ left: 0, width: 0 });
  });
});
