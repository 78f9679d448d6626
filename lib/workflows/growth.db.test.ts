import pg from "pg";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { claimDue } from "@/lib/queue/claim";
import { ALONE } from "@/lib/queue/share";
import { emit } from "@/lib/webhooks/emit";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";

/** Lets statements through and keeps them; set up before the first connection, which binds the method. */
const sent = vi.spyOn(pg.Client.prototype, "query");

type Statement = { text: string; values?: unknown[] };
type PlanNode = { "Shared Hit Blocks": number; "Shared Read Blocks": number };

/** Of so many executions the cheapest counts: others may prune rows that were changed before. */
const TRIES = 5;

/** Pages of 8 KB that PostgreSQL looks at for a statement: what it costs, whatever else the machine does. */
async function pagesOf({ text, values }: Statement): Promise<number> {
  const pages: number[] = [];
  for (let index = 0; index < TRIES; index += 1) {
    const { rows } = await pool().query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values ?? []);
    const plan: PlanNode = rows[0]["QUERY PLAN"][0].Plan;
    pages.push(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]);
  }
  return Math.min(...pages);
}

async function statementOf(work: () => Promise<unknown>, part: string): Promise<Statement> {
  sent.mockClear();
  await work();
  const statements = sent.mock.calls.map(([query, values]) =>
    typeof query === "string" ? { text: query, values } : query,
  ) as unknown as Statement[];
  const found = statements.find(({ text }) => typeof text === "string" && text.includes(part));
  if (!found) throw new Error(`No statement contains ${part}`);
  return found;
}

describe("ten times the webhooks of requests", () => {
  let actor: Actor;
  const pages: Record<number, Record<string, number>> = {};

  const grow = async (count: number) => {
    await pool().query(
      `INSERT INTO workflow (id, project_id, correlation_id, kind, created_by)
       SELECT 'wfl_g' || n, $1, 'g-' || n, 'event', 'u' FROM generate_series(1, $2::int) n ON CONFLICT DO NOTHING`,
      [actor.projectId, count],
    );
    await pool().query(
      `INSERT INTO webhook (id, project_id, workflow_id, url, event_types, source, ordering, retry, updated_at)
       SELECT 'wh_g' || lpad(n::text, 8, '0'), $1, 'wfl_g' || n, 'https://example.com/', '{*}', 'request', 'strict',
              '{"delays_s":[1,2,4]}', now() FROM generate_series(1, $2::int) n ON CONFLICT DO NOTHING`,
      [actor.projectId, count],
    );
    await pool().query("VACUUM ANALYZE workflow");
    await pool().query("VACUUM ANALYZE webhook");
    await pool().query("VACUUM ANALYZE delivery");
    const emitNow = (correlationId?: string) => () =>
      transaction((tx) =>
        emit(tx, actor.projectId, { type: "instance.started", data: {}, source: "platform", correlationId }),
      );
    const claim = () =>
      claimDue(pool(), {
        limit: 50,
        after: "",
        known: [],
        initialRoom: 16,
        suspectLimit: 8,
        unprovenLimit: 100,
        first: [],
        places: [ALONE],
      });
    // What is remembered of the webhooks is asked for in vain once, and stores nothing, however often it is explained.
    const afterChange = async () => {
      await emitNow()();
      await db.webhook.updateMany({ where: { projectId: actor.projectId, workflowId: null }, data: { enabled: true } });
      await emitNow()();
    };
    pages[count] = {
      unchanged: await pagesOf(await statementOf(afterChange, "known AS MATERIALIZED")),
      emit: await pagesOf(await statementOf(afterChange, "json_agg")),
      in_workflow: await pagesOf(await statementOf(emitNow("g-1"), "json_agg")),
      claim: await pagesOf(await statementOf(claim, "WITH RECURSIVE busy")),
    };
  };

  beforeAll(async () => {
    actor = await createTestProject();
    await createTestWebhook(actor, { url: "https://example.com/", event_types: ["*"] });
    await grow(1_000);
    await grow(10_000);
  });

  it.each(["unchanged", "emit", "in_workflow", "claim"])("cost no more than the same work: %s", (what) => {
    const few = pages[1_000]?.[what] ?? 0;
    const many = pages[10_000]?.[what] ?? Number.POSITIVE_INFINITY;
    expect(few).toBeGreaterThan(0);
    // Indexes that are one level deeper are allowed.
    expect(many, `${few} pages with 1,000, ${many} with 10,000`).toBeLessThanOrEqual(few * 2);
  });
});
