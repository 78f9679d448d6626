import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { listenBefore } from "@/lib/queue/faults/listen-before";

/** What a crash is to happen at: the so-many-th message to PostgreSQL, or the first that has this in it. */
export type CrashPoint = {
  at: number | string;
  /** before: PostgreSQL does not get the message. after: it does, and its answer does not come back. */
  when: "before" | "after";
};

export type CrashProxy = {
  /** The database's URL by way of the proxy. */
  url: string;
  /** Begins to count messages to PostgreSQL. @returns how many there were since, when it is called */
  count: () => () => number;
  /** Calls `crash` once at that point; from then on nothing passes until `reset`. @returns whether it has come so far */
  arm: (point: CrashPoint, crash: () => void) => () => boolean;
  /** Lets everything pass again, for those who connect anew. */
  reset: () => void;
  close: () => Promise<void>;
};

type Armed = CrashPoint & { crash: () => void; isReached: boolean; answerOf: Socket | undefined };

/**
 * A TCP proxy before PostgreSQL that cuts a process off at a chosen statement: every place at which a process can die is,
 * to the database, a place between two of its messages.
 */
export async function startCrashProxy(databaseUrl: string): Promise<CrashProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let messages = 0;
  let armedAt = 0;
  let armed: Armed | undefined;

  const reach = (point: Armed) => {
    point.isReached = true;
    point.crash();
    for (const socket of sockets) socket.destroy();
  };

  /** Whether the message may go to the server. */
  const passes = (chunk: Buffer, server: Socket): boolean => {
    messages += 1;
    if (!armed) return true;
    if (armed.isReached) return false;
    const { at, when } = armed;
    const isIt = typeof at === "number" ? messages - armedAt === at : chunk.includes(at);
    if (!isIt || armed.answerOf) return true;
    if (when === "after") {
      armed.answerOf = server;
      return true;
    }
    reach(armed);
    return false;
  };

  const listener = createServer((client) => {
    const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    client.setNoDelay(true);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on("data", (chunk: Buffer) => {
        if (from === client) {
          if (passes(chunk, server)) server.write(chunk);
        } else if (armed?.answerOf === server && !armed.isReached) reach(armed);
        else if (!armed?.isReached) client.write(chunk);
      });
    }
  });
  const url = await listenBefore(databaseUrl, listener);

  return {
    url,
    count: () => {
      const from = messages;
      return () => messages - from;
    },
    arm: (point, crash) => {
      const current: Armed = { ...point, crash, isReached: false, answerOf: undefined };
      armed = current;
      armedAt = messages;
      return () => current.isReached;
    },
    reset: () => {
      armed = undefined;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}
