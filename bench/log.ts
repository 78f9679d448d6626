import type { Actor } from "@/lib/accounts/actor";
import { ROLE_PERMISSIONS } from "@/lib/contracts/permissions";
import { pool } from "@/lib/db/pool";
import { listDeliveries } from "@/lib/webhooks/delivery-queries";
import { createWebhooks, percentile, preload, round } from "./support";

const FEW = 5_000;
const MANY = 1_000_000;
const PAGES = 200;

/** A filtered page of the log (one webhook, failed only) among a million deliveries ÷ among five thousand. */
export async function run(say: (line: string) => void) {
  const few = await pageTime(FEW);
  say(`among ${FEW}: ${few} ms`);
  const many = await pageTime(MANY);
  say(`among ${MANY}: ${many} ms`);
  return { few_rows: FEW, many_rows: MANY, few_ms: few, many_ms: many, ratio: round(many / few) };
}

async function pageTime(rows: number): Promise<number> {
  const { projectId, webhooks } = await createWebhooks(Array.from({ length: 20 }, () => "https://example.com/"));
  await preload(projectId, webhooks, rows);
  await pool().query(
    `UPDATE delivery SET status = CASE WHEN random() < 0.05 THEN 'failed' ELSE 'delivered' END, completed_at = now() WHERE project_id = $1`,
    [projectId],
  );
  await pool().query("VACUUM ANALYZE delivery");
  const actor: Actor = {
    projectId,
    subject: { kind: "system", id: "bench" },
    role: "owner",
    permissions: new Set(ROLE_PERMISSIONS.owner),
  };
  const times: number[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const webhook = webhooks[page % webhooks.length];
    const startedAt = performance.now();
    await listDeliveries(actor, { limit: 50, status: ["failed"], ...(webhook && { webhook_id: webhook.id }) });
    times.push(performance.now() - startedAt);
  }
  await pool().query("TRUNCATE event, delivery, attempt");
  return percentile(
    times.toSorted((a, b) => a - b),
    50,
  );
}
