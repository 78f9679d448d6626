import pg from "pg";
import { readFileSync } from "node:fs";
const c = new pg.Client({ connectionString: readFileSync("/tmp/planner-pg.url", "utf8") }); await c.connect();
const saved = JSON.parse(readFileSync("/tmp/planner-bench.json", "utf8"));
const now = new Date(saved.now); const h = (n: number) => new Date(now.getTime() + n * 3600000);
const pool = (await c.query("select p.id from pool p join gpu_type t on t.id=p.gpu_type_id where t.name='T0' order by price_micros_per_gpu_hour limit 1")).rows[0].id;
const ex = async (name: string, q: string, a: unknown[]) => { for (let i=0;i<2;i++) await c.query(q, a); const r = await c.query("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) " + q, a); console.log("== " + name); console.log(r.rows.map((x: any) => x["QUERY PLAN"]).join("\n")); };
await ex("busy window", `SELECT json_agg(json_build_array(a.id, a.unit_id, (extract(epoch FROM a.blocks_from) * 1000)::bigint,
             (extract(epoch FROM a.blocks_to) * 1000)::bigint, a.reservation_id, coalesce(r.topology = 'single_node', false),
             coalesce(a.kind = 'booking' AND NOT r.pinned AND r.status IN ('held', 'confirmed')
               AND r.starts_at >= $2 AND r.starts_at >= $3 AND r.ends_at <= $4, false))) AS busy
      FROM allocation a LEFT JOIN reservation r ON r.id = a.reservation_id
     WHERE a.pool_id = $1 AND a.blocks_to > $3 AND a.blocks_from < $4`, [pool, now, h(500), h(572)]);
await ex("plain window", `SELECT a.id, a.unit_id, a.blocks_from, a.blocks_to FROM allocation a WHERE a.pool_id = $1 AND a.blocks_to > $2 AND a.blocks_from < $3`, [pool, h(500), h(572)]);
await ex("json only", `SELECT json_agg(json_build_array(a.id, a.unit_id, (extract(epoch FROM a.blocks_from) * 1000)::bigint)) FROM allocation a WHERE a.pool_id = $1 AND a.blocks_to > $2 AND a.blocks_from < $3`, [pool, h(500), h(572)]);
await c.end();
