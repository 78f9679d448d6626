import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createEgressPolicy, type EgressPolicy } from "@/lib/net/address";
import { EgressDenied } from "@/lib/net/egress-url";
import { listen, type RawServer } from "@/lib/net/fixtures/raw-server";
import { ConnectionFailure, createGuardedConnector } from "@/lib/net/guarded-connector";
import { OwnNetwork } from "@/lib/net/own-network";
import type { Resolve } from "@/lib/net/resolver";

const servers: RawServer[] = [];
const sockets: Socket[] = [];

async function silentServer(): Promise<RawServer> {
  const server = await listen(() => {});
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const toLoopback: Resolve = async () => [{ address: "127.0.0.1", family: 4 }];

interface Attempt {
  policy: EgressPolicy;
  hostname: string;
  port: number;
  resolve?: Resolve;
  timeoutMs?: number;
}

/** Opens one connection; gives the error if that failed. */
function open({ policy, hostname, port, resolve = toLoopback, timeoutMs = 5_000 }: Attempt) {
  const connector = createGuardedConnector({ policy, resolve, network: new OwnNetwork(async () => true), timeoutMs });
  const options = { hostname, host: `${hostname}:${port}`, protocol: "http:", port: String(port) };
  return new Promise<{ error: Error | null; record: ReturnType<typeof connector.recordOf> }>((done) => {
    connector.connect(options, (error, socket) => {
      if (socket) sockets.push(socket);
      done({ error, record: socket ? connector.recordOf(socket) : undefined });
    });
  });
}

const nothing = createEgressPolicy([]);

describe("createGuardedConnector", () => {
  it.each(["127.0.0.1", "[::1]", "::ffff:127.0.0.1"])("refuses the literal %s without connecting", async (hostname) => {
    const server = await silentServer();
    const { error } = await open({ policy: nothing, hostname, port: server.port });
    expect(error).toBeInstanceOf(ConnectionFailure);
    expect(error).toMatchObject({ cause: { layer: "ip-literal" } });
    expect(server.connections).toBe(0);
  });

  it("refuses a name that leads inside without connecting", async () => {
    const server = await silentServer();
    const { error } = await open({ policy: nothing, hostname: "hook.example.com", port: server.port });
    expect(error).toMatchObject({ phase: "dns", cause: { layer: "dns" }, timings: { dns_ms: expect.any(Number) } });
    expect(server.connections).toBe(0);
  });

  it("survives a resolver that answers nothing", async () => {
    const { error } = await open({ policy: nothing, hostname: "hook.example.com", port: 443, resolve: async () => [] });
    expect(error).toMatchObject({ cause: { layer: "dns" } });
  });

  it("records where it connected to and how long that took", async () => {
    const server = await silentServer();
    const policy = createEgressPolicy(["127.0.0.1"]);
    const named = await open({ policy, hostname: "hook.example.com", port: server.port });
    expect(named.record).toEqual({
      timings: { dns_ms: expect.any(Number), connect_ms: expect.any(Number) },
      remoteAddress: `127.0.0.1:${server.port}`,
      requests: 0,
    });
    const literal = await open({ policy, hostname: "127.0.0.1", port: server.port });
    expect(Object.keys(literal.record?.timings ?? {})).toEqual(["connect_ms"]);
  });

  it("checks the peer once more, before a byte is sent", async () => {
    const server = await silentServer();
    let asked = 0;
    // Allows the answer of the look-up, then not the peer: as if the two differed.
    const policy: EgressPolicy = {
      hasRanges: true,
      hostAllowance: () => "none",
      rangeAllowance: () => (asked++ === 0 ? "any-port" : "none"),
    };
    const { error } = await open({ policy, hostname: "hook.example.com", port: server.port });
    expect(error).toMatchObject({ cause: expect.any(EgressDenied) });
    expect(error).toMatchObject({ cause: { layer: "peer" } });
    expect(server.received).toBe("");
  });

  it("ends a look-up that does not end", async () => {
    const { error } = await open({
      policy: nothing,
      hostname: "hook.example.com",
      port: 443,
      resolve: () => new Promise(() => {}),
      timeoutMs: 100,
    });
    expect(error).toMatchObject({ phase: "dns", cause: { code: "UND_ERR_CONNECT_TIMEOUT" } });
  });
});
