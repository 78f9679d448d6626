import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, inject, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { startTestServer, type TestServer } from "@/lib/db/testing";
import { takeStamp } from "@/lib/proof/stamp";

export type ReceiverReport = {
  requests: number;
  /** Ids of deliveries that were answered 2xx, and of those that were more than once. */
  accepted: string[];
  repeated: string[];
  /** How often one was answered 2xx again. */
  repeats: number;
  /** Numbered events that were accepted for the first time after a later one of their key. */
  inversions: number;
  /** Requests that came although an earlier number of their key was not answered 2xx yet, or a later one had come. */
  outOfTurn: number;
  /** Milliseconds from each event to its arrival, in the order of arrival. */
  delays: number[];
};

export type ReceiverQuestion = { what: "requests" } | { what: "report"; prefix: string };

export type ReceiverProcess = {
  url: (path: string) => string;
  /** How many have come so far. */
  requests: () => Promise<number>;
  /** @param prefix of the paths that it is about; all unless given */
  report: (prefix?: string) => Promise<ReceiverReport>;
};

export type EmitterOptions = {
  /** How many keys events have; those of one key are numbered and come one after the other. */
  keys: number;
  /** Milliseconds between two events of a key. */
  everyMs: number;
};

export type EmitterProcess = {
  /** Ids of deliveries that it told of. */
  told: string[];
  /** Kills it, and returns when all that it has said is in `told`. */
  kill: () => Promise<void>;
};

export type ApiProcess = { url: string; kill: () => void };

type Product = Awaited<ReturnType<typeof loadProduct>>;

/**
 * Whole worker processes against a PostgreSQL of their own, both of which get killed, and a receiver process that
 * counts. PostgreSQL is as durable as in production (fsync, synchronous_commit, full_page_writes). The product is loaded
 * only after DATABASE_URL points at that server.
 */
export function useWorld() {
  let server: TestServer;
  let product: Product;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    server = await startTestServer({ durable: true });
    process.env.DATABASE_URL = server.url;
    // The harness has already read the environment; the product is to read it anew.
    vi.resetModules();
    product = await loadProduct();
  });
  // Whatever a test left behind must not work for the next one.
  afterEach(() => killAll());
  afterAll(async () => {
    await globalThis.dumontPrisma?.$disconnect();
    await globalThis.dumontPool?.end();
    globalThis.dumontPool = undefined;
    await server.remove();
  });

  const keep = (child: ChildProcess) => {
    children.add(child);
    child.once("exit", () => children.delete(child));
    return child;
  };
  const killAll = () => {
    for (const child of children) child.kill("SIGKILL");
  };
  const environment = (databaseUrl = server.url) => ({
    ...process.env,
    NODE_ENV: "test" as const,
    DATABASE_URL: databaseUrl,
  });

  return {
    server: () => server,
    product: () => product,
    /** @param options a module that is loaded before the worker, and another way to the database */
    startWorker: ({ preload, databaseUrl }: { preload?: string; databaseUrl?: string } = {}): ChildProcess =>
      keep(
        spawn(process.execPath, [...(preload ? ["--import", "tsx", "--import", preload] : []), inject("builtWorker")], {
          env: environment(databaseUrl),
          stdio: "ignore",
        }),
      ),
    /** The API in a process of its own. @param databaseUrl another way to the database */
    startApi: async (databaseUrl?: string): Promise<ApiProcess> => {
      const child = keep(
        fork("lib/http/testing-api-process.ts", { execArgv: ["--import", "tsx"], env: environment(databaseUrl) }),
      );
      const [{ port }] = (await once(child, "message")) as [{ port: number }];
      return { url: `http://127.0.0.1:${port}/api/v1`, kill: () => child.kill("SIGKILL") };
    },
    /** Emits until it is killed. @param databaseUrl another way to the database */
    startEmitter: (projectId: string, options: EmitterOptions, databaseUrl?: string): EmitterProcess => {
      const told: string[] = [];
      const child = keep(
        fork("lib/queue/faults/emitter-process.ts", [projectId, JSON.stringify(options)], {
          execArgv: ["--import", "tsx"],
          env: environment(databaseUrl),
        }),
      );
      child.on("message", ({ ids }: { ids: string[] }) => told.push(...ids));
      return {
        told,
        kill: async () => {
          child.kill("SIGKILL");
          await once(child, "close");
        },
      };
    },
    startReceiver: async (): Promise<ReceiverProcess> => {
      const child = keep(fork("lib/queue/faults/receiver-process.ts", { execArgv: ["--import", "tsx"] }));
      const [{ port }] = (await once(child, "message")) as [{ port: number }];
      const ask = async (question: ReceiverQuestion): Promise<unknown> => {
        child.send(question);
        const [answer] = await once(child, "message");
        return answer;
      };
      return {
        url: (suffix) => `http://127.0.0.1:${port}/${suffix}`,
        requests: async () => (await ask({ what: "requests" })) as number,
        report: async (prefix = "") => (await ask({ what: "report", prefix })) as ReceiverReport,
      };
    },
    /** Emits the events in their order, some at a time. @returns the ids of their deliveries */
    emitAll: async (actor: Actor, events: Record<string, unknown>[], atOnce = 20): Promise<string[]> => {
      const ids: string[] = [];
      for (let start = 0; start < events.length; start += atOnce) {
        const emitted = await Promise.all(
          events
            .slice(start, start + atOnce)
            .map((data) =>
              product.transaction((tx) =>
                product.emit(tx, actor.projectId, { type: "instance.started", data, source: "api" }),
              ),
            ),
        );
        for (const event of emitted) ids.push(...event.deliveries.map((delivery) => delivery.id));
      }
      return ids;
    },
    /** Ids of all deliveries that are stored. */
    storedIds: async (actor: Actor): Promise<string[]> => {
      const rows = await product.db.delivery.findMany({ where: { projectId: actor.projectId }, select: { id: true } });
      return rows.map(({ id }) => id);
    },
    /** What the loss audit says: deliveries that are in none of the states. */
    unaccounted: async (actor: Actor): Promise<number> => (await product.getOverview(actor, new Date())).unaccounted,
  };
}

/** Resident memory of a process in MiB, from /proc (Linux). */
export function residentMib(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
}

/** Of this file's tests, taken before any of them keeps the machine busy. */
const measured = takeStamp();

/** Keeps the figures of a fault test, and what they are of, for docs/proof.md, which scripts/proof.ts writes. */
export function recordProof(name: string, figures: Record<string, string | number>): void {
  const folder = path.join(".cache", "proof");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify({ ...figures, measured }));
}

async function loadProduct() {
  const [{ db }, { transaction }, { emit }, { getOverview }, testing, queue] = await Promise.all([
    import("@/lib/db/client"),
    import("@/lib/db/transaction"),
    import("@/lib/webhooks/emit"),
    import("@/lib/webhooks/overview"),
    import("@/lib/webhooks/testing"),
    import("@/lib/queue/testing"),
  ]);
  return { db, transaction, emit, getOverview, ...testing, ...queue };
}
