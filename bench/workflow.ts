import { createServer } from "node:http";
import type { Actor } from "@/lib/accounts/actor";
import { publishAndRun } from "@/lib/artifacts/service";
import { publishArtifactBody } from "@/lib/contracts/artifacts";
import { ROLE_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { claimDue } from "@/lib/queue/claim";
import { ALONE } from "@/lib/queue/share";
import { emit } from "@/lib/webhooks/emit";
import { createWebhooks, percentile, round, startReceiver, startWorker, stopWorker } from "./support";

const RUNS = 40;
const EMITS = 200;
const CLAIMS = 30;

/**
 * What a receiver costs the workflow that it is told of: runs of POST /artifacts/sync whose webhook answers, is dead, or
 * never answers, taken in turns beside a worker. And what webhooks of other requests cost: emitting and claiming with
 * 1,000 of them, and with 10,000.
 */
export async function run(say: (line: string) => void) {
  const receivers = await measureReceivers(say);
  const growth = await measureGrowth(say);
  await db.$disconnect();
  return { ...receivers, ...growth };
}

async function measureReceivers(say: (line: string) => void) {
  const { projectId } = await createWebhooks([]);
  const actor: Actor = {
    projectId,
    subject: { kind: "user", id: newId("user") },
    role: "owner",
    permissions: new Set(ROLE_PERMISSIONS.owner),
  };
  const healthy = await startReceiver();
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const urls = {
    none: undefined,
    healthy: healthy.url,
    // Nothing listens there: the connection is refused.
    dead: `http://127.0.0.1:${await freePort()}/`,
    slow: `http://127.0.0.1:${port}/`,
  };
  const worker = startWorker();
  const times: Record<keyof typeof urls, number[]> = { none: [], healthy: [], dead: [], slow: [] };
  try {
    for (let index = 0; index < RUNS; index += 1) {
      for (const name of ["none", "healthy", "dead", "slow"] as const) {
        const url = urls[name];
        const body = publishArtifactBody.parse({
          type: "snapshot.completed",
          payload: { snapshot_id: `s-${index}`, instance_id: "i-1", size_bytes: 1, checksums: { a: "sha256:1" } },
          produced_by: "bench",
          ...(url !== undefined && { webhook: { url } }),
        });
        const startedAt = performance.now();
        const { complete } = await publishAndRun(actor, body);
        if (!complete) throw new Error("The run was not complete.");
        times[name].push(performance.now() - startedAt);
      }
    }
  } finally {
    await stopWorker(worker);
    healthy.stop();
    silent.closeAllConnections();
    silent.close();
  }
  const [none, alive, dead, slow] = [times.none, times.healthy, times.dead, times.slow].map(median) as [
    number,
    number,
    number,
    number,
  ];
  say(`a run takes ${none} ms; with a receiver ${alive} ms, with a dead one ${dead} ms, with a silent one ${slow} ms`);
  return {
    without_webhook_ms: none,
    healthy_ms: alive,
    dead_ms: dead,
    silent_ms: slow,
    dead_ratio: round(dead / alive),
    silent_ratio: round(slow / alive),
  };
}

async function measureGrowth(say: (line: string) => void) {
  const { projectId } = await createWebhooks(["https://example.com/"]);
  const at = async (count: number) => {
    await addRequestWebhooks(projectId, count);
    const plain = await emits(projectId, undefined);
    const inWorkflow = await emits(projectId, "bench-1");
    const claim = await claims();
    say(`${count} webhooks of requests: emit ${plain} ms, in a workflow ${inWorkflow} ms, claim ${claim} ms`);
    return { emit_ms: plain, emit_in_workflow_ms: inWorkflow, claim_ms: claim };
  };
  const few = await at(1_000);
  const many = await at(10_000);
  return {
    with_1000: few,
    with_10000: many,
    growth: {
      emit: round(many.emit_ms / few.emit_ms),
      emit_in_workflow: round(many.emit_in_workflow_ms / few.emit_in_workflow_ms),
      claim: round(many.claim_ms / few.claim_ms),
    },
  };
}

/** As many as are asked for in all, each with a workflow and a delivery that is due in an hour. */
async function addRequestWebhooks(projectId: string, count: number): Promise<void> {
  const values = [projectId, count];
  await pool().query(
    `INSERT INTO workflow (id, project_id, correlation_id, kind, created_by)
     SELECT 'wfl_bench' || n, $1, 'bench-' || n, 'event', 'bench' FROM generate_series(1, $2::int) n ON CONFLICT DO NOTHING`,
    values,
  );
  await pool().query(
    `INSERT INTO webhook (id, project_id, workflow_id, url, event_types, source, ordering, retry, updated_at)
     SELECT 'wh_bench' || lpad(n::text, 8, '0'), $1, 'wfl_bench' || n, 'https://example.com/', '{*}', 'request', 'strict',
            '{"delays_s":[1,2,4]}', now() FROM generate_series(1, $2::int) n ON CONFLICT DO NOTHING`,
    values,
  );
  for (const table of ["workflow", "webhook", "delivery", "event"]) await pool().query(`VACUUM ANALYZE ${table}`);
}

async function emits(projectId: string, correlationId: string | undefined): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < EMITS; index += 1) {
    const startedAt = performance.now();
    await transaction((tx) =>
      emit(tx, projectId, { type: "instance.started", data: { index }, source: "platform", correlationId }),
    );
    times.push(performance.now() - startedAt);
  }
  // Otherwise the next measurement would claim them.
  await pool().query("UPDATE delivery SET next_attempt_at = now() + interval '1 day' WHERE project_id = $1", [
    projectId,
  ]);
  return median(times);
}

/** Each looks at 200 of the webhooks that have something waiting, and finds nothing due. */
async function claims(): Promise<number> {
  await pool().query(
    `INSERT INTO delivery (id, project_id, event_id, webhook_id, event_type, url, max_attempts, next_attempt_at, lane, seq)
     SELECT 'dlv_' || w.id, w.project_id, (SELECT id FROM event WHERE project_id = w.project_id LIMIT 1), w.id, 'x', w.url, 4,
            now() + interval '1 day', '', 1
       FROM webhook w WHERE w.source = 'request' ON CONFLICT DO NOTHING`,
  );
  await pool().query("VACUUM ANALYZE delivery");
  const times: number[] = [];
  let after = "";
  for (let index = 0; index < CLAIMS; index += 1) {
    const startedAt = performance.now();
    const { next } = await claimDue(pool(), {
      limit: 100,
      after,
      known: [],
      initialRoom: 16,
      suspectLimit: 32,
      unprovenLimit: 100,
      first: [],
      places: [ALONE],
    });
    times.push(performance.now() - startedAt);
    after = next ?? "";
  }
  return median(times);
}

/** A port on which something listened a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function median(times: number[]): number {
  return percentile(
    times.toSorted((a, b) => a - b),
    50,
  );
}
