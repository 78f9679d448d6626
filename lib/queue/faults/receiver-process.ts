/**
 * The independent receiver of the fault tests, in a process of its own: it knows nothing of the product and counts what
 * reaches it. The first part of the path says how it answers; what follows tells webhooks apart.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ReceiverQuestion, ReceiverReport } from "@/lib/queue/faults/world";

/** What is known of one key of one path. */
type Lane = {
  /** Highest number that was answered 2xx, and that was requested at all; numbers of a key begin at 0 without a gap. */
  accepted: number;
  requested: number;
  /** Deliveries that came and were not answered 2xx yet. */
  owed: Set<string>;
};

type Path = {
  requests: number;
  /** Delivery id → how often it was answered 2xx. */
  accepted: Map<string, number>;
  /** Milliseconds from the event to its first arrival. */
  delays: number[];
  inversions: number;
  outOfTurn: number;
  lanes: Map<string, Lane>;
};

type Delivery = { id: string; path: Path; lane: Lane | undefined; n: number };

const paths = new Map<string, Path>();
let requests = 0;

const behaviours: Record<string, (response: ServerResponse, delivery: Delivery) => void> = {
  ok: (response, delivery) => accept(response, delivery),
  slow: (response, delivery) => setTimeout(() => accept(response, delivery), 40),
  // One in twenty fails, whichever it is: also the head of a lane.
  flaky: (response, delivery) => (requests % 20 === 7 ? response.writeHead(500).end() : accept(response, delivery)),
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
    const delivery = arrive(request, Buffer.concat(chunks).toString());
    behaviours[request.url?.split("/")[1] ?? ""]?.(response, delivery);
  });
});

/** Counts the request, and whether it was its turn. */
function arrive(request: IncomingMessage, body: string): Delivery {
  const id = String(request.headers["x-webhook-delivery"]);
  const path = pathOf(request.url ?? "");
  path.requests += 1;
  // A followed redirect brings no body.
  const event = JSON.parse(body || "{}") as { timestamp?: string; data?: { key?: string; n?: number } };
  if (event.timestamp !== undefined && !path.accepted.has(id)) {
    path.delays.push(Date.now() - Date.parse(event.timestamp));
  }
  const { key, n } = event.data ?? {};
  if (key === undefined || n === undefined) return { id, path, lane: undefined, n: 0 };
  const lane = path.lanes.get(key) ?? { accepted: -1, requested: -1, owed: new Set() };
  path.lanes.set(key, lane);
  const othersOwed = lane.owed.size - Number(lane.owed.has(id));
  if (othersOwed > 0 || n > lane.accepted + 1 || n < lane.requested) path.outOfTurn += 1;
  lane.requested = Math.max(lane.requested, n);
  if (!path.accepted.has(id)) lane.owed.add(id);
  return { id, path, lane, n };
}

function accept(response: ServerResponse, { id, path, lane, n }: Delivery): void {
  const times = path.accepted.get(id) ?? 0;
  path.accepted.set(id, times + 1);
  if (lane) {
    lane.owed.delete(id);
    if (times === 0 && n < lane.accepted) path.inversions += 1;
    lane.accepted = Math.max(lane.accepted, n);
  }
  response.end("ok");
}

function pathOf(url: string): Path {
  const known = paths.get(url);
  if (known) return known;
  const path: Path = { requests: 0, accepted: new Map(), delays: [], inversions: 0, outOfTurn: 0, lanes: new Map() };
  paths.set(url, path);
  return path;
}

function port(): number {
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

process.on("message", (question: ReceiverQuestion) => {
  process.send?.(question.what === "requests" ? requests : reportOn(`/${question.prefix}`));
});

function reportOn(prefix: string): ReceiverReport {
  const chosen = [...paths].filter(([url]) => url.startsWith(prefix)).map(([, path]) => path);
  const accepted = chosen.flatMap((path) => [...path.accepted]);
  const total = (count: (path: Path) => number) => chosen.reduce((sum, path) => sum + count(path), 0);
  return {
    requests: total((path) => path.requests),
    accepted: accepted.map(([id]) => id),
    repeated: accepted.filter(([, times]) => times > 1).map(([id]) => id),
    repeats: accepted.reduce((sum, [, times]) => sum + times - 1, 0),
    inversions: total((path) => path.inversions),
    outOfTurn: total((path) => path.outOfTurn),
    delays: chosen.flatMap((path) => path.delays),
  };
}

process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.({ port: port() }));
