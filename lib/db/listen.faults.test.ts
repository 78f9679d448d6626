import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestServer, type TestServer } from "@/lib/db/testing";

/** On a busy machine too. */
const WAIT = { timeout: 30_000 };

let server: TestServer;
let proxy: BlackHoleProxy;

/** Sends over a connection of its own, whatever happens to the one that listens. */
async function send(channel: string, payload: string): Promise<void> {
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query("SELECT pg_notify($1, $2)", [channel, payload]);
  await client.end();
}

beforeAll(async () => {
  server = await startTestServer();
  proxy = await startProxy(Number(new URL(server.url).port));
});
afterAll(async () => {
  proxy.close();
  await server.remove();
});

/** The product's modules as a process loads them that is given this database. */
async function modulesFor(url: string) {
  vi.resetModules();
  globalThis.dumontPool = undefined;
  vi.stubEnv("DATABASE_URL", url);
  return { ...(await import("@/lib/db/listen")), ...(await import("@/lib/db/pool")) };
}

test("notifications arrive again after PostgreSQL crashed, the gap is told, and the process lives", async () => {
  const { listen, notify, pool } = await modulesFor(server.url);
  const heard: string[] = [];
  const onGap = vi.fn();
  const stop = new AbortController();
  const listening = listen(["news", "Other Channel"], (channel, payload) => heard.push(`${channel}: ${payload}`), {
    signal: stop.signal,
    onGap,
  });
  await vi.waitFor(async () => {
    await notify("news", "one");
    expect(heard).toContain("news: one");
  }, WAIT);
  await notify("Other Channel", "two");
  await vi.waitFor(() => expect(heard).toContain("Other Channel: two"), WAIT);
  expect(onGap).not.toHaveBeenCalled();

  const underWay = pool().query("SELECT pg_sleep(60)");
  const refused = expect(underWay).rejects.toThrow();
  await server.crash();
  await refused;
  await server.restart();
  await vi.waitFor(() => expect(onGap).toHaveBeenCalledTimes(1), WAIT);
  await notify("news", "three");
  await vi.waitFor(() => expect(heard).toContain("news: three"), WAIT);

  stop.abort();
  await listening;
  await pool().end();
});

test("a connection that is open and silent is given up", async () => {
  const url = new URL(server.url);
  url.port = String(proxy.port);
  const { listen } = await modulesFor(url.href);
  const heard: string[] = [];
  const onGap = vi.fn();
  const stop = new AbortController();
  const listening = listen(["news"], (_channel, payload) => heard.push(payload), {
    signal: stop.signal,
    onGap,
    heartbeatMs: 100,
  });
  await vi.waitFor(async () => {
    await send("news", "one");
    expect(heard).toContain("one");
  }, WAIT);
  proxy.swallow();
  await vi.waitFor(() => expect(onGap).toHaveBeenCalled(), WAIT);
  await send("news", "two");
  await vi.waitFor(() => expect(heard).toContain("two"), WAIT);

  stop.abort();
  await listening;
});

test("a handler that throws does not end the listening", async () => {
  const { listen } = await modulesFor(server.url);
  const heard: string[] = [];
  const stop = new AbortController();
  const listening = listen(
    ["news"],
    (_channel, payload) => {
      heard.push(payload);
      throw new Error("cannot cope");
    },
    { signal: stop.signal },
  );
  await vi.waitFor(async () => {
    await send("news", "again");
    expect(heard.length).toBeGreaterThan(1);
  }, WAIT);
  stop.abort();
  await listening;
});

test("the lock is held while it listens, also after PostgreSQL crashed, and given back when told", async () => {
  const { listen } = await modulesFor(server.url);
  const heard: string[] = [];
  const stop = new AbortController();
  const until = new AbortController();
  const listening = listen(["news"], (_channel, payload) => heard.push(payload), {
    signal: stop.signal,
    lock: { name: "here", until: until.signal },
  });
  await vi.waitFor(async () => expect(await isLocked("here")).toBe(true), WAIT);
  await server.crash();
  await server.restart();
  await vi.waitFor(async () => expect(await isLocked("here")).toBe(true), WAIT);
  until.abort();
  await vi.waitFor(async () => expect(await isLocked("here")).toBe(false), WAIT);
  await send("news", "still heard");
  await vi.waitFor(() => expect(heard).toEqual(["still heard"]), WAIT);
  stop.abort();
  await listening;
});

test("no lock is taken over a pooler, which would keep it for others", async () => {
  const pooler = await startProxy(Number(new URL(server.url).port), otherProcess);
  const url = new URL(server.url);
  url.port = String(pooler.port);
  const { listen } = await modulesFor(url.href);
  const heard: string[] = [];
  const stop = new AbortController();
  const listening = listen(["news"], (_channel, payload) => heard.push(payload), {
    signal: stop.signal,
    lock: { name: "behind", until: stop.signal },
    heartbeatMs: 50,
  });
  await vi.waitFor(async () => {
    await send("news", "one");
    expect(heard.length).toBeGreaterThan(10);
  }, WAIT);
  expect(await isLocked("behind")).toBe(false);
  stop.abort();
  await listening;
  pooler.close();
});

async function isLocked(name: string): Promise<boolean> {
  const client = new pg.Client(server.url);
  await client.connect();
  const text = "SELECT NOT pg_try_advisory_lock_shared(hashtextextended($1, 0)) AS locked";
  const { rows } = await client.query<{ locked: boolean }>(text, [name]);
  await client.end();
  return rows[0]?.locked ?? false;
}

/** BackendKeyData, the message with the number of the serving process, as a pooler sends it: with a number of its own. */
function otherProcess(chunk: Buffer): Buffer {
  const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
  if (at >= 0) chunk.writeInt32BE(1_000_000_000, at + 5);
  return chunk;
}

type BlackHoleProxy = { port: number; swallow(): void; close(): void };

/**
 * Passes everything on until told to swallow: then the connections so far stay open and carry nothing any more.
 * @param change what becomes of what the server says
 */
async function startProxy(target: number, change = (chunk: Buffer) => chunk): Promise<BlackHoleProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const listener = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    const changed = new Transform({ transform: (chunk, _encoding, pass) => pass(null, change(chunk)) });
    near.pipe(far).pipe(changed).pipe(near);
    const close = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on("error", () => {}).on("close", close);
    pairs.add([near, far]);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  if (typeof address !== "object" || address === null) throw new Error("no address");
  return {
    port: address.port,
    swallow: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far).resume();
        far.unpipe().resume();
      }
      pairs.clear();
    },
    close: () => {
      listener.close();
      for (const [near] of pairs) near.destroy();
    },
  };
}
