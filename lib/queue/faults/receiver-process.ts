/**
 * The independent receiver of the fault tests, in a process of its own: it knows nothing of the product and counts what
 * reaches it. The first part of the path says how it answers; what follows tells webhooks apart.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ReceiverReport } from "@/lib/queue/faults/world";

/** Delivery id → how often it was answered 2xx. */
const accepted = new Map<string, number>();
const hits = new Map<string, number>();
/** Path and key → highest number accepted there. */
const highest = new Map<string, number>();
let inversions = 0;
let requests = 0;

const behaviours: Record<string, (response: ServerResponse, request: IncomingMessage, body: string) => void> = {
  ok: (response, request, body) => accept(response, request, body),
  slow: (response, request, body) => setTimeout(() => accept(response, request, body), 40),
  // One in twenty fails, whichever it is: also the head of a lane.
  flaky: (response, request, body) =>
    requests % 20 === 7 ? response.writeHead(500).end() : accept(response, request, body),
  hang: () => {},
  drip: (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("."), 200);
    response.on("close", () => clearInterval(timer));
  },
  "drip-head": (response) => {
    const { socket } = response;
    const timer = setInterval(() => socket?.write("HTTP/1.1 103 Early Hints\r\n\r\n"), 200);
    response.on("close", () => clearInterval(timer));
  },
  gigabyte: (response) => {
    response.writeHead(200, { "content-length": String(1024 ** 3) });
    const chunk = Buffer.alloc(64 * 1024, "x");
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", write);
    write();
  },
  reset: (response) => response.socket?.resetAndDestroy(),
  redirect: (response) => response.writeHead(302, { location: `http://127.0.0.1:${port()}/canary` }).end(),
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  response.on("error", () => {});
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    requests += 1;
    const kind = request.url?.split("/")[1] ?? "";
    hits.set(kind, (hits.get(kind) ?? 0) + 1);
    behaviours[kind]?.(response, request, Buffer.concat(chunks).toString());
  });
});

function accept(response: ServerResponse, request: IncomingMessage, body: string): void {
  const id = String(request.headers["x-webhook-delivery"]);
  const first = !accepted.has(id);
  accepted.set(id, (accepted.get(id) ?? 0) + 1);
  const { data } = JSON.parse(body) as { data: { key?: string; n?: number } };
  if (first && data.key !== undefined && data.n !== undefined) {
    const lane = `${request.url} ${data.key}`;
    if (data.n < (highest.get(lane) ?? 0)) inversions += 1;
    else highest.set(lane, data.n);
  }
  response.end("ok");
}

function port(): number {
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

process.on("message", () => {
  const report: ReceiverReport = {
    requests,
    accepted: [...accepted.keys()],
    repeats: [...accepted.values()].reduce((sum, times) => sum + times - 1, 0),
    inversions,
    hits: Object.fromEntries(hits),
  };
  process.send?.(report);
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.({ port: port() }));
