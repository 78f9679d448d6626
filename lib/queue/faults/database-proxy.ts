import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { listenBefore } from "@/lib/queue/faults/listen-before";

/**
 * What the way to PostgreSQL does:
 * pass; resets: now and then a connection is reset in the middle of a message to the server, or with the server's answer
 * still to come; slow: every message takes LATENCY_MS longer; silent: what is sent is swallowed, connections stay open.
 */
export type ProxyMode = "pass" | "resets" | "slow" | "silent";

export type DatabaseProxy = {
  /** The database's URL by way of the proxy. */
  url: string;
  /** A connection that silence has robbed of something is reset when the silence is over. */
  setMode: (mode: ProxyMode) => void;
  /** Connections reset so far. */
  resets: () => number;
  close: () => Promise<void>;
};

const LATENCY_MS = 100;

/** Chance of a reset per message; a new connection takes some ten messages and must have a chance. */
const RESET_CHANCE = 0.02;

type Connection = { client: Socket; server: Socket; robbed: boolean };

/** A TCP proxy before the PostgreSQL of the URL that disturbs its connections. */
export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const connections = new Set<Connection>();
  let mode: ProxyMode = "pass";
  let resets = 0;

  const reset = (connection: Connection) => {
    if (!connections.delete(connection)) return;
    resets += 1;
    connection.client.resetAndDestroy();
    connection.server.resetAndDestroy();
  };

  const forward = (connection: Connection, from: Socket, to: Socket) => {
    let last = Promise.resolve();
    const pass = async (chunk: Buffer, delayMs: number) => {
      const due = sleep(delayMs);
      await last;
      await due;
      if (!to.destroyed) to.write(chunk);
    };
    from.on("data", (chunk: Buffer) => {
      if (connection.robbed) return;
      if (mode === "silent") {
        connection.robbed = true;
        return;
      }
      if (mode === "resets" && Math.random() < RESET_CHANCE) {
        if (to === connection.server) to.write(chunk.subarray(0, Math.ceil(chunk.length / 2)));
        // A moment later, so that the server has had what it was to have.
        setTimeout(() => reset(connection), 5);
        connection.robbed = true;
        return;
      }
      last = pass(chunk, mode === "slow" ? LATENCY_MS : 0);
    });
    from.on("error", () => {});
    from.on("close", () => {
      connections.delete(connection);
      to.destroy();
    });
  };

  const listener = createServer((client) => {
    const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    client.setNoDelay(true);
    const connection = { client, server, robbed: false };
    connections.add(connection);
    forward(connection, client, server);
    forward(connection, server, client);
  });
  const url = await listenBefore(databaseUrl, listener);

  return {
    url,
    setMode: (next) => {
      mode = next;
      if (next === "silent") return;
      for (const connection of [...connections]) if (connection.robbed) reset(connection);
    },
    resets: () => resets,
    close: async () => {
      for (const { client, server } of connections) {
        client.destroy();
        server.destroy();
      }
      listener.close();
      await once(listener, "close");
    },
  };
}
