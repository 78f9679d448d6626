import { describe, expect, it } from "vitest";
import type { Receiver } from "@/lib/contracts/receiver";
import { bodySize, curlFor, describeAnswer, headerLines, succeeds } from "./describe";

const RECEIVER: Receiver = {
  url: "http://localhost:3000/receiver/abc",
  status: 200,
  delay_ms: 0,
  fail_next: 0,
  fail_status: 500,
};

describe("describeAnswer", () => {
  it.each([
    [{}, "Answers 200 at once."],
    [{ status: 503, delay_ms: 1500 }, "Answers 503 after 1.5 s."],
    [{ fail_next: 1 }, "Fails the next request with 500, then answers 200."],
    [
      { fail_next: 3, fail_status: 429, delay_ms: 50 },
      "Fails the next 3 requests with 429 after 50 ms, then answers 200.",
    ],
  ])("of %j says %j", (changes, sentence) => {
    expect(describeAnswer({ ...RECEIVER, ...changes })).toBe(sentence);
  });
});

describe("succeeds", () => {
  it.each([
    [{}, true],
    [{ status: 204 }, true],
    [{ status: 301 }, false],
    [{ fail_next: 1 }, false],
  ])("of %j is %s", (changes, expected) => {
    expect(succeeds({ ...RECEIVER, ...changes })).toBe(expected);
  });
});

describe("bodySize", () => {
  it("counts bytes, not characters", () => {
    expect(bodySize({ headers: {}, body: "Grüße", truncated: false })).toBe("7 B");
  });

  it("takes what the caller declared, which is right for bytes that are no text", () => {
    expect(bodySize({ headers: { "content-length": "4" }, body: "\ufffd\ufffd\ufffd\ufffd", truncated: false })).toBe(
      "4 B",
    );
    expect(bodySize({ headers: { "content-length": "1048577" }, body: "x", truncated: true })).toBe("1 MiB");
  });

  it("says that there was more where nobody told how much", () => {
    expect(bodySize({ headers: {}, body: "x".repeat(2048), truncated: true })).toBe("over 2 KiB");
    expect(bodySize({ headers: { "content-length": "many" }, body: "", truncated: false })).toBe("0 B");
  });
});

it("writes headers one a line", () => {
  expect(headerLines({ host: "localhost", "x-webhook-attempt": "1" })).toBe("host: localhost\nx-webhook-attempt: 1");
});

it("writes a command that a shell reads as one", () => {
  expect(curlFor(RECEIVER.url).split("\\\n")).toHaveLength(3);
  expect(curlFor(RECEIVER.url)).toContain(`'${RECEIVER.url}'`);
});
