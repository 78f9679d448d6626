import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { pool } from "@/lib/db/pool";
import { newId } from "@/lib/ids";
import { BODY, pause } from "./support";

/**
 * What one would write otherwise: a BullMQ queue, undici, and one row per delivery in a log table. It signs as the
 * product does and keeps the answer, but has no outbox, no order, no fairness and no guard.
 */
export type BullJob = { deliveryId: string; url: string; body: string };

export type BullStack = {
  queue: Queue<BullJob>;
  /** Jobs per second from the first logged to the last. */
  drain: (url: string, count: number) => Promise<number>;
  startWorker: () => Promise<ChildProcess>;
  close: () => Promise<void>;
};

export const REDIS_URL = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const NAME = `dumont-bench-${process.pid}`;

/** @returns null when no Redis answers at REDIS_URL; nothing is measured then. */
export async function openBullStack(): Promise<BullStack | null> {
  if (!(await isReachable())) return null;
  await pool().query(
    `CREATE TABLE IF NOT EXISTS bullmq_log (
       id bigserial PRIMARY KEY, delivery_id text NOT NULL, url text NOT NULL, status int NOT NULL, latency_ms int NOT NULL,
       request_headers jsonb NOT NULL, response_headers jsonb NOT NULL, response_body bytea, at timestamptz NOT NULL DEFAULT now())`,
  );
  const queue = new Queue<BullJob>(NAME, { connection: { url: REDIS_URL } });
  const startWorker = async () => {
    const child = fork("bench/bullmq-worker.ts", [NAME, REDIS_URL], { execArgv: ["--import", "tsx"] });
    await once(child, "message");
    return child;
  };
  const logged = async () => {
    const { rows } = await pool().query<{ n: number }>("SELECT count(*)::int AS n FROM bullmq_log");
    return rows[0]?.n ?? 0;
  };
  return {
    queue,
    startWorker,
    drain: async (url, count) => {
      await pool().query("TRUNCATE bullmq_log");
      for (let start = 0; start < count; start += 1_000) {
        const jobs = Array.from({ length: Math.min(1_000, count - start) }, () => ({
          name: "deliver",
          data: { deliveryId: newId("delivery"), url, body: BODY },
          opts: { attempts: 4, removeOnComplete: true },
        }));
        await queue.addBulk(jobs);
      }
      const worker = await startWorker();
      let first = await logged();
      while (first === 0) {
        await pause(50);
        first = await logged();
      }
      const startedAt = performance.now();
      let last = first;
      while (last < count) {
        await pause(250);
        last = await logged();
      }
      const seconds = (performance.now() - startedAt) / 1000;
      worker.kill("SIGKILL");
      return (last - first) / seconds;
    },
    close: async () => {
      await queue.obliterate({ force: true });
      await queue.close();
    },
  };
}

async function isReachable(): Promise<boolean> {
  const redis = new Redis(REDIS_URL, { lazyConnect: true, connectTimeout: 1_000, retryStrategy: () => null });
  redis.on("error", () => {}); // Told by the rejected ping.
  try {
    await redis.connect();
    await redis.ping();
    return true;
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
