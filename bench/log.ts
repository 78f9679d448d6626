import type { Actor } from "@/lib/accounts/actor";
import { ROLE_PERMISSIONS } from "@/lib/contracts/permissions";
import { ensureAttemptPartitions } from "@/lib/db/partitions";
import { pool } from "@/lib/db/pool";
import { getDelivery, listDeliveries } from "@/lib/webhooks/delivery-queries";
import { type BenchWebhook, createWebhooks, LOAD_CHUNK, percentile, preload, round } from "./support";

const FEW = 5_000;
const MANY = 5_000_000;
const ATTEMPTS_EACH = 2;
const PAGES = 200;
/** The same in both: how much waits follows from the traffic and not from how much the log holds. */
const PENDING = 1_000;

type Times = Record<string, number>;

/** Filtered pages of the log, and one delivery with its attempts, among 5,000,000 attempts ÷ among 5,000. */
export async function run(say: (line: string) => void) {
  await ensureAttemptPartitions(new Date());
  const few = await measure(FEW);
  say(`among ${FEW} attempts: ${JSON.stringify(few)} ms`);
  const many = await measure(MANY);
  say(`among ${MANY} attempts: ${JSON.stringify(many)} ms`);
  const ratios = Object.fromEntries(
    Object.keys(few).map((name) => [name, round((many[name] ?? 0) / (few[name] ?? 1))]),
  );
  return {
    few_attempts: FEW,
    many_attempts: MANY,
    few_ms: few,
    many_ms: many,
    ratios,
    ratio: Math.max(...Object.values(ratios)),
  };
}

async function measure(attempts: number): Promise<Times> {
  const { projectId, webhooks } = await createWebhooks(Array.from({ length: 20 }, () => "https://example.com/"));
  await preload(projectId, webhooks, attempts / ATTEMPTS_EACH);
  await endAll(projectId);
  await pool().query(
    `UPDATE delivery SET status = 'pending', completed_at = NULL
      WHERE id IN (SELECT id FROM delivery WHERE project_id = $1 AND status = 'delivered' ORDER BY random() LIMIT $2)`,
    [projectId, PENDING],
  );
  await pool().query("VACUUM ANALYZE delivery, attempt");
  const actor: Actor = {
    projectId,
    subject: { kind: "system", id: "bench" },
    role: "owner",
    permissions: new Set(ROLE_PERMISSIONS.owner),
  };
  const times = {
    newest: await median(() => listDeliveries(actor, { limit: 50 })),
    failed: await median(() => listDeliveries(actor, { limit: 50, status: ["failed"] })),
    pending: await median(() => listDeliveries(actor, { limit: 50, status: ["pending"] })),
    webhook_failed: await median((page) =>
      listDeliveries(actor, { limit: 50, status: ["failed"], webhook_id: [webhookOf(webhooks, page)] }),
    ),
    type: await median(() => listDeliveries(actor, { limit: 50, event_type: ["instance.stopped"] })),
    rare_type: await median(() => listDeliveries(actor, { limit: 50, event_type: ["custom.rare"] })),
    detail: await median(async (page) => {
      const { data } = await listDeliveries(actor, { limit: 1, webhook_id: [webhookOf(webhooks, page)] });
      await getDelivery(actor, data[0]?.id ?? "");
    }),
  };
  await pool().query("TRUNCATE event, delivery, attempt");
  return times;
}

/** Ends the deliveries as a log would have them, each with its attempts, a chunk after the other. */
async function endAll(projectId: string): Promise<void> {
  let after = "";
  for (;;) {
    const { rows } = await pool().query<{ last: string | null }>(
      `SELECT max(id) AS last FROM (SELECT id FROM delivery WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3) chunk`,
      [projectId, after, LOAD_CHUNK / ATTEMPTS_EACH],
    );
    const last = rows[0]?.last ?? null;
    if (last === null) return;
    await pool().query(
      `UPDATE delivery SET status = CASE WHEN random() < 0.05 THEN 'failed' ELSE 'delivered' END,
              completed_at = now(), attempt_count = 2,
              event_type = (ARRAY['instance.started', 'instance.stopped', 'user.login', 'custom.rare'])[1 + floor(random() * 3.005)::int]
        WHERE project_id = $1 AND id > $2 AND id <= $3`,
      [projectId, after, last],
    );
    await pool().query(
      `INSERT INTO attempt (delivery_id, number, trigger, started_at, http_status, latency_ms, request_headers, response_headers)
       SELECT d.id, n, 'auto', now() + n * interval '1 s', 200, 12, '{"content-type":"application/json"}', '{"server":"bench"}'
         FROM delivery d, generate_series(1, $4::int) n WHERE d.project_id = $1 AND d.id > $2 AND d.id <= $3`,
      [projectId, after, last, ATTEMPTS_EACH],
    );
    after = last;
  }
}

function webhookOf(webhooks: BenchWebhook[], page: number): string {
  return webhooks[page % webhooks.length]?.id ?? "";
}

async function median(look: (page: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const startedAt = performance.now();
    await look(page);
    times.push(performance.now() - startedAt);
  }
  return percentile(
    times.toSorted((a, b) => a - b),
    50,
  );
}
