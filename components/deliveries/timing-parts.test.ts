import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timingParts } from "./timing-parts";

describe("timingParts", () => {
  it("lays look-up, connection, TLS, waiting and body end to end", () => {
    const recorded = { dns_ms: 3, connect_ms: 10, tls_ms: 20, first_byte_ms: 83, total_ms: 100, queue_ms: 4 };
    expect(timingParts(recorded, 100)).toEqual({
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
    });
  });

  it("knows a reused connection by the missing parts", () => {
    const { parts, reused } = timingParts({ first_byte_ms: 8, total_ms: 9 }, 9);
    expect(reused).toBe(true);
    expect(parts.map(({ name }) => name)).toEqual(["wait", "body"]);
  });

  it("counts all the time after the connection as waiting when no answer came", () => {
    const { parts, firstByte, reused } = timingParts({ connect_ms: 1, total_ms: 10_000 }, 10_000);
    expect(parts).toEqual([
      { name: "connect", start: 0, length: 1 },
      { name: "wait", start: 1, length: 9_999 },
    ]);
    expect(firstByte).toBeNull();
    expect(reused).toBe(false);
  });

  it("never leaves the whole, whatever was recorded", () => {
    const ms = fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined });
    fc.assert(
      fc.property(ms, ms, ms, ms, fc.integer({ min: 0, max: 20_000 }), (dns, connect, tls, first, total) => {
        const recorded = Object.fromEntries(
          Object.entries({
            dns_ms: dns,
            connect_ms: connect,
            tls_ms: tls,
            first_byte_ms: first,
            total_ms: total,
          }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
        );
        const { parts } = timingParts(recorded, total);
        const last = parts.at(-1);
        expect(last === undefined ? 0 : last.start + last.length).toBe(total);
        parts.forEach((part, index) => {
          const before = parts[index - 1];
          expect(part.start).toBe(before === undefined ? 0 : before.start + before.length);
        });
      }),
    );
  });
});
