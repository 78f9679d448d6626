import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "undici";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { newId } from "@/lib/ids";
import { sealSecret } from "@/lib/webhooks/secrets";
import { sign, signStandard } from "@/lib/webhooks/signature";
import { generateSecret } from "@/lib/webhooks/signing-key";
import { WORKER_COMMAND } from "../scripts/launcher/build-worker";
import { cpuSeconds, cpuSecondsWithChildren } from "./cpu";

export const CONCURRENCY = 128;

/** About 0.7 KB, as the events of the catalogue are with some labels. */
export const BODY = JSON.stringify({
  id: "evt_01k6q3v9y2e8pb5m7d4tzwx0ha",
  type: "instance.started",
  timestamp: "2026-11-21T12:00:00.000Z",
  data: { instance_id: "ins_01k6q3t7f8g9h0j1k2m3n4p5qr", gpu_type: "H100-SXM", gpu_count: 8, note: "x".repeat(500) },
});

export type Receiver = { url: string; count: () => Promise<number>; stop: () => void };

/** In a process of its own, so that it takes no turn of the sender's event loop. */
export async function startReceiver(): Promise<Receiver> {
  const child = fork("bench/receiver.ts", { execArgv: ["--import", "tsx"] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    count: async () => {
      child.send("count");
      const [{ count }] = (await once(child, "message")) as [{ count: number }];
      return count;
    },
    stop: () => child.kill("SIGKILL"),
  };
}

export function startWorker(env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, WORKER_COMMAND, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

export async function stopWorker(worker: ChildProcess): Promise<void> {
  worker.kill("SIGTERM");
  await once(worker, "exit");
}

export type BenchWebhook = { id: string; url: string };

/** A project with webhooks that take everything. */
export async function createWebhooks(urls: string[], retry: object = { preset: "quick" }) {
  const projectId = newId("project");
  await db.project.create({ data: { id: projectId, name: "bench" } });
  const webhooks: BenchWebhook[] = urls.map((url) => ({ id: newId("webhook"), url }));
  await db.webhook.createMany({
    data: webhooks.map(({ id, url }) => ({
      id,
      projectId,
      url,
      eventTypes: ["*"],
      secret: sealSecret(id, generateSecret()),
      retry,
    })),
  });
  return { projectId, webhooks };
}

/** Rows of one statement: more would take longer than the product's pool lets a statement run. */
export const LOAD_CHUNK = 250_000;

/**
 * Stores `count` deliveries, spread evenly over the webhooks, by SQL: what is measured is the sending.
 * @param dueIn SQL interval from now
 */
export async function preload(
  projectId: string,
  webhooks: BenchWebhook[],
  count: number,
  dueIn = "0 s",
): Promise<void> {
  const tag = newId("request").slice(4);
  for (let from = 0; from < count; from += LOAD_CHUNK) {
    const range = [tag, projectId, from, Math.min(from + LOAD_CHUNK, count) - 1];
    await pool().query(
      `INSERT INTO event (id, project_id, type, body, correlation_id, source, occurred_at, delivery_count)
       SELECT 'evt_' || $1 || n, $2, 'instance.started', $5, 'evt_' || $1 || n, 'api', now(), 1
         FROM generate_series($3::int, $4::int) n`,
      [...range, BODY],
    );
    await pool().query(
      `INSERT INTO delivery (id, project_id, event_id, webhook_id, event_type, url, max_attempts, next_attempt_at)
       SELECT 'dlv_' || $1 || n, $2, 'evt_' || $1 || n, ($5::text[])[1 + n % cardinality($5::text[])], 'instance.started',
              ($6::text[])[1 + n % cardinality($6::text[])], 4, now() + $7::interval
         FROM generate_series($3::int, $4::int) n`,
      [...range, webhooks.map((webhook) => webhook.id), webhooks.map((webhook) => webhook.url), dueIn],
    );
  }
  // Autovacuum would do it during what is measured, or not, as its minute falls; it belongs to the storing.
  await pool().query("VACUUM (ANALYZE) event, delivery");
}

/** The yardstick: signed POSTs and nothing else, at the same concurrency. @returns requests per second */
export async function rawPosts(url: string, count: number): Promise<number> {
  const agent = new Agent({ connections: CONCURRENCY, pipelining: 1 });
  const secret = generateSecret();
  let left = count;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) {
        const timestamp = Math.floor(Date.now() / 1000);
        const response = await request(url, {
          method: "POST",
          dispatcher: agent,
          headers: {
            "content-type": "application/json",
            "webhook-id": "evt_1",
            "webhook-timestamp": String(timestamp),
            "webhook-signature": signStandard({ id: "evt_1", timestamp, payload: BODY, secret }),
            "x-webhook-signature": sign(BODY, secret, timestamp),
          },
          body: BODY,
          signal: AbortSignal.timeout(10_000),
        });
        await response.body.dump();
      }
    }),
  );
  const perSecond = count / ((performance.now() - startedAt) / 1000);
  await agent.close();
  return perSecond;
}

/** PostgreSQL's first process; its backends are its children. */
export async function postgresPid(): Promise<number> {
  const { rows } = await pool().query<{ file: string }>(
    "SELECT pg_read_file(current_setting('data_directory') || '/postmaster.pid') AS file",
  );
  return Number.parseInt(rows[0]?.file ?? "0", 10);
}

/**
 * Resolves when nothing of the project waits. Asked in the order of the queue's index, so that it costs next to nothing:
 * without it the planner may read the whole table, again and again, beside what is measured.
 */
export async function drained(projectId: string): Promise<void> {
  for (;;) {
    const { rows } = await pool().query<{ waiting: boolean }>(
      `SELECT count(*) > 0 AS waiting FROM webhook w CROSS JOIN LATERAL (
         SELECT 1 FROM delivery d WHERE d.webhook_id = w.id AND d.status = 'pending' AND d.lane IS NULL
            ORDER BY d.next_attempt_at LIMIT 1) one
        WHERE w.project_id = $1`,
      [projectId],
    );
    if (!rows[0]?.waiting) return;
    await pause(250);
  }
}

export type Drain = { perSecond: number; workerCpuUs: number; databaseCpuUs: number };

/** Deliveries per second of the product, from the first settled to the last, and the CPU of each in µs. */
export async function drain(projectId: string, env: Record<string, string> = {}): Promise<Drain> {
  const worker = startWorker(env);
  const workerPid = worker.pid ?? 0;
  const databasePid = await postgresPid();
  const settled = async () => {
    const { rows } = await pool().query(
      "SELECT count(*) FILTER (WHERE completed_at IS NOT NULL)::int AS done, count(*)::int AS total FROM delivery WHERE project_id = $1",
      [projectId],
    );
    return rows[0] as { done: number; total: number };
  };
  let first = await settled();
  while (first.done === 0) {
    await pause(50);
    first = await settled();
  }
  const startedAt = performance.now();
  const cpuBefore = { worker: cpuSeconds(workerPid), database: cpuSecondsWithChildren(databasePid) };
  await drained(projectId);
  const seconds = (performance.now() - startedAt) / 1000;
  const done = first.total - first.done;
  const workerCpuUs = ((cpuSeconds(workerPid) - cpuBefore.worker) * 1e6) / done;
  const databaseCpuUs = ((cpuSecondsWithChildren(databasePid) - cpuBefore.database) * 1e6) / done;
  await stopWorker(worker);
  return { perSecond: done / seconds, workerCpuUs: round(workerCpuUs), databaseCpuUs: round(databaseCpuUs) };
}

export function percentile(sorted: number[], p: number): number {
  return round(sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN);
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
