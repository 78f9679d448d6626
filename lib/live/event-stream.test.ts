import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ReceiverRequest } from "@/lib/contracts/receiver";
import type { StreamMessage } from "@/lib/contracts/stream";
import { eventStream } from "@/lib/live/event-stream";
import type { Subscriber } from "@/lib/live/hub";

/** A hub with one subscriber at a time, whose messages the test sends itself. */
function open(options: Partial<Parameters<typeof eventStream>[0]> = {}) {
  const subscribers = new Set<Subscriber>();
  const reader = new AbortController();
  const stream = eventStream({
    hub: {
      subscribe: (_projectId, subscriber) => {
        subscribers.add(subscriber);
        return () => subscribers.delete(subscriber);
      },
    },
    projectId: "prj_1",
    signal: reader.signal,
    permits: () => true,
    view: (message) => message,
    mayContinue: async () => true,
    ...options,
  });
  const send = (message: StreamMessage) => {
    for (const subscriber of subscribers) subscriber.send(message);
  };
  return { stream, reader, send, subscribers };
}

const longRequest: ReceiverRequest = {
  id: "rcv_1",
  method: "POST",
  headers: {},
  body: "x".repeat(300_000),
  truncated: false,
  answered_status: 200,
  delay_ms: 0,
  signature: "valid",
  signature_note: "",
  event_type: null,
  delivery_id: null,
  received_at: "2026-01-01T00:00:00.000Z",
};

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

describe("eventStream", () => {
  it("opens at once and carries messages as data lines", async () => {
    const { stream, send, subscribers } = open();
    send({ kind: "webhooks_changed" });
    for (const subscriber of subscribers) subscriber.end();
    const text = await readAll(stream);
    expect(text).toBe('retry: 1000\n: open\n\ndata: {"kind":"webhooks_changed"}\n\n');
    expect(subscribers.size).toBe(0);
  });

  it("keeps back what the reader may not see", async () => {
    const { stream, send, reader } = open({ permits: ({ kind }) => kind !== "receiver_requests" });
    send({ kind: "receiver_requests", requests: [] });
    send({ kind: "resync" });
    reader.abort();
    expect(await readAll(stream)).not.toContain("receiver_requests");
  });

  it("leaves when the reader goes, whichever way", async () => {
    const aborted = open();
    aborted.reader.abort();
    expect(aborted.subscribers.size).toBe(0);
    const cancelled = open();
    await cancelled.stream.cancel();
    expect(cancelled.subscribers.size).toBe(0);
    const gone = open({ signal: AbortSignal.abort() });
    expect(gone.subscribers.size).toBe(0);
  });

  it("gives a slow reader one 'read again' instead of an endless queue", async () => {
    const { stream, send, subscribers } = open();
    for (let n = 0; n < 50; n += 1) send({ kind: "receiver_requests", requests: [longRequest] });
    const reading = stream.getReader();
    let bytes = 0;
    let text = "";
    while (!text.includes("resync")) {
      const { value } = await reading.read();
      bytes += value?.byteLength ?? 0;
      text = new TextDecoder().decode(value);
    }
    expect(bytes).toBeLessThan(2 * 1024 * 1024);
    for (const subscriber of subscribers) subscriber.end();
    expect((await reading.read()).done).toBe(true);
  });

  it("ends when the reader may no longer read", async () => {
    const { stream, subscribers } = open({ recheckMs: 5, mayContinue: async () => false });
    await readAll(stream);
    expect(subscribers.size).toBe(0);
  });

  it("goes on while nobody can tell whether the reader may read", async () => {
    let asked = 0;
    const { subscribers, reader } = open({
      recheckMs: 5,
      mayContinue: async () => {
        asked += 1;
        throw new Error("the database cannot be reached");
      },
    });
    while (asked < 3) await sleep(5);
    expect(subscribers.size).toBe(1);
    reader.abort();
  });
});
