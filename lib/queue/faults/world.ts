import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { startTestServer, type TestServer } from "@/lib/db/testing";
import { takeStamp } from "@/lib/proof/stamp";

export type ReceiverReport = {
  requests: number;
  /** Ids of deliveries that were answered 2xx. */
  accepted: string[];
  /** How often one was answered 2xx again. */
  repeats: number;
  /** Numbered events that came for the first time after a later one of their key. */
  inversions: number;
  /** Requests by the first part of the path. */
  hits: Record<string, number>;
};

export type ReceiverProcess = { url: (path: string) => string; report: () => Promise<ReceiverReport> };

type Product = Awaited<ReturnType<typeof loadProduct>>;

/**
 * Whole worker processes against a PostgreSQL of their own, both of which get killed, and a receiver process that
 * counts. The product is loaded only after DATABASE_URL points at that server.
 */
export function useWorld() {
  let server: TestServer;
  let product: Product;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    server = await startTestServer();
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
  const environment = () => ({ ...process.env, NODE_ENV: "test" as const, DATABASE_URL: server.url });

  return {
    server: () => server,
    product: () => product,
    /** @param preload a module that is loaded before the worker */
    startWorker: (preload?: string): ChildProcess =>
      keep(
        spawn(process.execPath, ["--import", "tsx", ...(preload ? ["--import", preload] : []), "scripts/worker.ts"], {
          env: environment(),
          stdio: "ignore",
        }),
      ),
    /** Emits until it is killed. @returns the ids of deliveries that it told of */
    startEmitter: (projectId: string): { child: ChildProcess; told: string[] } => {
      const told: string[] = [];
      const child = keep(
        fork("lib/queue/faults/emitter-process.ts", [projectId], {
          execArgv: ["--import", "tsx"],
          env: environment(),
        }),
      );
      child.on("message", ({ id }: { id: string }) => told.push(id));
      return { child, told };
    },
    startReceiver: async (): Promise<ReceiverProcess> => {
      const child = keep(fork("lib/queue/faults/receiver-process.ts", { execArgv: ["--import", "tsx"] }));
      const [{ port }] = (await once(child, "message")) as [{ port: number }];
      return {
        url: (suffix) => `http://127.0.0.1:${port}/${suffix}`,
        report: async () => {
          child.send("report");
          const [report] = (await once(child, "message")) as [ReceiverReport];
          return report;
        },
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
