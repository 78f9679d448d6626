import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createEgressPolicy } from "@/lib/net/address";
import { listen, onRequest, type RawServer } from "@/lib/net/fixtures/raw-server";
import { createGuardedClient, type GuardedClient } from "@/lib/net/guarded-request";
import { OutboundError } from "@/lib/net/outbound-error";

const HEAD = "HTTP/1.1 200 OK\r\n";
const LIMIT = 64 * 1024;

interface Hostile {
  name: string;
  receiver(socket: Socket): void;
  /** The status of the answer or the code of the failure. */
  outcome: number | string;
  truncated?: boolean;
  totalBytes?: number | null;
  bodyLength?: number;
  body?: string | Buffer;
  /** For those that must be ended by a limit and not by the deadline. */
  deadlineMs?: number;
}

const hostile: Hostile[] = [
  { name: "never answers", receiver: () => {}, outcome: "timeout" },
  { name: "never reads", receiver: (socket) => socket.pause(), outcome: "timeout", body: Buffer.alloc(8 << 20, "z") },
  {
    name: "drips its head",
    receiver: (socket) => drip(socket, `${HEAD}x-a: ${"b".repeat(5_000)}`),
    outcome: "timeout",
  },
  {
    name: "drips its body",
    receiver: (socket) => socket.write(`${HEAD}content-length: 100000\r\n\r\n`, () => drip(socket, "x".repeat(5_000))),
    outcome: 200,
    truncated: true,
    totalBytes: 100_000,
  },
  {
    name: "drips a body of an error",
    receiver: (socket) =>
      socket.write("HTTP/1.1 500 No\r\ncontent-length: 100000\r\n\r\n", () => drip(socket, "x".repeat(5_000))),
    outcome: 500,
    truncated: true,
  },
  {
    name: "sends a body without end",
    deadlineMs: 60_000,
    receiver: (socket) => {
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
      flood(socket, `10000\r\n${"y".repeat(65_536)}\r\n`);
    },
    outcome: 200,
    truncated: true,
    totalBytes: null,
    bodyLength: LIMIT,
  },
  {
    name: "announces 10 GB",
    deadlineMs: 60_000,
    receiver: (socket) => socket.write(`${HEAD}content-length: 10000000000\r\n\r\n${"z".repeat(70_000)}`),
    outcome: 200,
    truncated: true,
    totalBytes: null,
    bodyLength: LIMIT,
  },
  {
    name: "sends exactly as much as is kept",
    receiver: (socket) => socket.write(`${HEAD}content-length: ${LIMIT}\r\n\r\n${"z".repeat(LIMIT)}`),
    outcome: 200,
    truncated: false,
    totalBytes: LIMIT,
    bodyLength: LIMIT,
  },
  {
    name: "sends a head of 1 MB",
    deadlineMs: 60_000,
    receiver: (socket) => socket.write(`${HEAD}x-big: ${"a".repeat(1 << 20)}\r\n\r\n`),
    outcome: "protocol_error",
  },
  {
    name: "sends a hundred thousand headers",
    receiver: (socket) => socket.write(`${HEAD}${"x: y\r\n".repeat(100_000)}\r\n`),
    outcome: "protocol_error",
  },
  {
    name: "floods with 103",
    deadlineMs: 60_000,
    receiver: (socket) => flood(socket, "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".repeat(50)),
    outcome: "protocol_error",
  },
  {
    name: "drips 103",
    receiver: (socket) => {
      const timer = setInterval(() => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"), 60);
      socket.on("close", () => clearInterval(timer));
    },
    outcome: "timeout",
  },
  {
    name: "sends one 103 first",
    receiver: (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${HEAD}content-length: 2\r\n\r\nok`),
    outcome: 200,
    truncated: false,
    bodyLength: 2,
  },
  { name: "sends 100", receiver: (socket) => socket.write("HTTP/1.1 100 Continue\r\n\r\n"), outcome: "protocol_error" },
  {
    name: "switches protocols",
    receiver: (socket) => socket.write("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
    outcome: "protocol_error",
  },
  { name: "resets the connection", receiver: (socket) => socket.resetAndDestroy(), outcome: "connection_reset" },
  { name: "closes before it answers", receiver: (socket) => socket.end(), outcome: "connection_reset" },
  { name: "closes within the head", receiver: (socket) => socket.end(`${HEAD}x-a: 1`), outcome: "connection_reset" },
  {
    name: "closes within the body",
    receiver: (socket) => socket.end(`${HEAD}content-length: 100\r\n\r\nabc`),
    outcome: 200,
    truncated: true,
    bodyLength: 3,
  },
  {
    name: "resets within the body",
    // Later, so that the head has been read: a reset may throw away what has not.
    receiver: (socket) => {
      socket.write(`${HEAD}content-length: 100\r\n\r\nabc`);
      setTimeout(() => socket.resetAndDestroy(), 100);
    },
    outcome: 200,
    truncated: true,
  },
  {
    name: "breaks the chunks of its body",
    receiver: (socket) => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense`),
    outcome: 200,
    truncated: true,
    bodyLength: 3,
  },
  { name: "is not HTTP", receiver: (socket) => socket.write("SSH-2.0-OpenSSH_9\r\n"), outcome: "protocol_error" },
  {
    name: "is HTTP/2",
    receiver: (socket) => socket.write(Buffer.from("000012040000000000", "hex")),
    outcome: "protocol_error",
  },
  {
    name: "gives two lengths",
    receiver: (socket) => socket.write(`${HEAD}content-length: 3\r\ncontent-length: 5\r\n\r\nabc`),
    outcome: "protocol_error",
  },
  {
    name: "gives a length and chunks",
    receiver: (socket) =>
      socket.write(`${HEAD}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`),
    outcome: "protocol_error",
  },
  {
    name: "answers twice",
    receiver: (socket) => socket.write(`${HEAD}content-length: 2\r\n\r\nok${HEAD}content-length: 4\r\n\r\nevil`),
    outcome: 200,
    truncated: false,
    bodyLength: 2,
  },
  {
    name: "invents a status",
    receiver: (socket) => socket.end("HTTP/1.1 999 Weird\r\ncontent-length: 0\r\n\r\n"),
    outcome: 999,
    truncated: false,
  },
  {
    name: "ends its body by closing",
    receiver: (socket) => socket.end(`${HEAD}\r\nhello`),
    outcome: 200,
    truncated: false,
    bodyLength: 5,
  },
  {
    name: "claims a compression bomb, which is not unpacked",
    receiver: (socket) => socket.end(`${HEAD}content-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd`),
    outcome: 200,
    truncated: false,
    bodyLength: 4,
  },
  {
    name: "redirects to the inside",
    receiver: (socket) =>
      socket.end("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"),
    outcome: 302,
    truncated: false,
  },
];

describe("hostile receivers", () => {
  let server: RawServer | undefined;
  let client: GuardedClient | undefined;

  afterEach(async () => {
    await client?.close();
    await server?.close();
  });

  it.each(hostile)(
    "one that $name",
    async ({ receiver, outcome, truncated, totalBytes, bodyLength, body = '{"x":1}', deadlineMs = 400 }) => {
      server = await listen((socket) => {
        // Those that do not wait for the request would race with its being written.
        if (typeof body === "string") onRequest(socket, () => receiver(socket));
        else receiver(socket);
      });
      client = createGuardedClient({ policy: createEgressPolicy(["127.0.0.1"]), http: "everywhere" });
      const url = `http://127.0.0.1:${server.port}/`;
      const settled = await client.post({ url, headers: {}, body, deadlineMs }).catch((error: unknown) => error);

      if (settled instanceof OutboundError) {
        expect(settled).toMatchObject({ code: outcome, isOurFault: false });
        expect(settled.message).toMatch(/^[^\n]+\.$/);
        expect(settled.latencyMs).toBe(settled.timings.total_ms);
      } else {
        expect(settled).toMatchObject({ status: outcome, truncated });
        if (totalBytes !== undefined) expect(settled).toHaveProperty("totalBytes", totalBytes);
        if (bodyLength !== undefined) expect(settled).toHaveProperty("body.length", bodyLength);
      }
    },
  );

  it("do not keep the next request to the same origin from a good answer", async () => {
    let connections = 0;
    server = await listen((socket) => {
      connections += 1;
      const isFirst = connections === 1;
      onRequest(socket, () => {
        if (isFirst) socket.write(`${HEAD}content-length: 2\r\n\r\nok${HEAD}content-length: 4\r\n\r\nevil`);
        else socket.write(`${HEAD}content-length: 4\r\n\r\ngood`);
      });
    });
    client = createGuardedClient({ policy: createEgressPolicy(["127.0.0.1"]), http: "everywhere" });
    const request = { url: `http://127.0.0.1:${server.port}/`, headers: {}, body: "{}" };
    expect((await client.post(request)).body.toString()).toBe("ok");
    expect((await client.post(request)).body.toString()).toBe("good");
  });
});

/** One byte every 40 ms. */
function drip(socket: Socket, text: string): void {
  let sent = 0;
  const timer = setInterval(() => socket.write(text[sent++] ?? ""), 40);
  socket.on("close", () => clearInterval(timer));
}

/** As fast as the other side reads, for as long as it does. */
function flood(socket: Socket, text: string): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(text));
    socket.once("drain", write);
  };
  write();
}
