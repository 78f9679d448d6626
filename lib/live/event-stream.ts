import type { StreamMessage } from "@/lib/contracts/stream";
import type { LiveHub } from "@/lib/live/hub";

/** A sign of life this often, in ms, keeps proxies from closing the connection and tells the browser that it lives. */
const PING_MS = 15_000;
/** How often, in ms, it is asked whether the reader may still read. */
const RECHECK_MS = 60_000;
/** Bytes that may wait for a slow reader. */
const BUFFER_BYTES = 1024 * 1024;
/** The browser waits this long, in ms, before it opens a broken stream again by itself. */
const RETRY_MS = 1000;

type EventStreamOptions = {
  hub: Pick<LiveHub, "subscribe">;
  projectId: string;
  /** Fires when the reader has gone. */
  signal: AbortSignal;
  /** Whether the reader may see this message. */
  permits: (message: StreamMessage) => boolean;
  /** The message as the reader is shown it. */
  view: (message: StreamMessage) => StreamMessage;
  /** Whether the reader may still read; asked every minute. A rejection counts as yes: it says nothing about them. */
  mayContinue: () => Promise<boolean>;
  /** Milliseconds between two askings. */
  recheckMs?: number;
};

/**
 * A project's live changes as the bytes of a text/event-stream. A reader who is too slow for what happens loses
 * messages, never the server its memory: once there is room again it is told to read everything again.
 */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { hub, projectId, signal, permits, view, mayContinue, recheckMs = RECHECK_MS } = options;
  const encoder = new TextEncoder();
  let missed = false;
  let leave = () => {};

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let ended = false;
        const hasRoom = () => (controller.desiredSize ?? 0) > 0;
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const end = () => {
          if (ended) return;
          leave();
          controller.close();
        };
        const ping = setInterval(() => {
          if (hasRoom()) write(": ping\nevent: ping\ndata: {}\n\n");
        }, PING_MS);
        const recheck = setInterval(() => {
          mayContinue().then(
            (may) => (may ? undefined : end()),
            () => undefined,
          );
        }, recheckMs);
        let unsubscribe = () => {};
        leave = () => {
          ended = true;
          clearInterval(ping);
          clearInterval(recheck);
          signal.removeEventListener("abort", end);
          unsubscribe();
        };

        // Something is sent at once, so that the browser knows that the stream is open.
        write(`retry: ${RETRY_MS}\n: open\n\n`);
        signal.addEventListener("abort", end);
        if (signal.aborted) return end();
        const send = (message: StreamMessage) => {
          if (!permits(message)) return;
          if (hasRoom()) write(toEvent(view(message)));
          else missed = true;
        };
        unsubscribe = hub.subscribe(projectId, { send, end });
      },
      pull(controller) {
        if (!missed) return;
        missed = false;
        controller.enqueue(encoder.encode(toEvent({ kind: "resync" })));
      },
      cancel() {
        leave();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
}

function toEvent(message: StreamMessage): string {
  return `data: ${JSON.stringify(message)}\n\n`;
}
