import type { Actor } from "@/lib/accounts/actor";
import { quoteBody, searchBody } from "@/lib/contracts/availability";
import { ROLE_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { newId } from "@/lib/ids";
import { getAvailability } from "@/lib/reservations/availability";
import { createQuote } from "@/lib/reservations/quotes";
import { searchAvailability } from "@/lib/reservations/search";
import { percentile, round } from "./support";

const FEW = { units: 100, allocations: 2_000 };
const MANY = { units: 10_000, allocations: 200_000 };
const POOLS = 5;
const TYPES = 3;
const LANES = 4;
const BOOKINGS_PER_UNIT = 20;
const DAYS = 90;
const ROUNDS = 150;
const WARM_UP = 40;
/** Rows of one statement. */
const CHUNK = 50_000;

const HOUR_MS = 3_600_000;

type Figures = { p50: number; p95: number };
type Figure = "availability" | "search_any" | "search_single_node" | "search_after_change" | "quote" | "naive_sweep";

/** 90 days of availability, search and quotes among 200,000 allocations ÷ among 2,000; beside it a sweep over the allocations. */
export async function run(say: (line: string) => void) {
  const few = await measure(FEW, { thenEmpty: true });
  say(`${FEW.units} units, ${FEW.allocations} allocations: ${JSON.stringify(few)} ms`);
  const many = await measure(MANY, { thenEmpty: false });
  say(`${MANY.units} units, ${MANY.allocations} allocations: ${JSON.stringify(many)} ms`);
  const ratios = Object.fromEntries(
    (Object.keys(few) as Figure[]).map((name) => [name, round(many[name].p95 / few[name].p95)]),
  );
  const { naive_sweep: yardstick, ...product } = ratios;
  return {
    few: FEW,
    many: MANY,
    pools: POOLS,
    days: DAYS,
    few_ms: few,
    many_ms: many,
    p95_ratios: product,
    yardstick_p95_ratio: yardstick,
    p95_ms: Math.max(...Object.keys(product).map((name) => many[name as Figure].p95)),
    ratio: Math.max(...Object.values(product).map(Number)),
  };
}

async function measure(
  { units }: { units: number },
  { thenEmpty }: { thenEmpty: boolean },
): Promise<Record<Figure, Figures>> {
  const now = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  const { actor, types } = await load(units, now);
  const random = generator(42);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const hours = (count: number) => new Date(now.getTime() + count * HOUR_MS).toISOString();
  const search = (topology: "any" | "single_node", counts: readonly number[]) => () => {
    const from = Math.floor(random() * 60) * 24;
    const body = searchBody.parse({
      gpu_type: pick(types),
      gpu_count: pick(counts),
      duration_minutes: pick([4, 24, 72, 168]) * 60,
      not_before: hours(from),
      near: hours(from + Math.floor(random() * 200)),
      topology,
    });
    return searchAvailability(actor, body, now);
  };
  const figures = {
    availability: await timed(() => getAvailability(actor, {}, now)),
    search_any: await timed(search("any", [1, 4, 8])),
    search_single_node: await timed(search("single_node", [1, 2, 4])),
    search_after_change: await timed(search("any", [1, 4, 8]), { before: changeEveryPool }),
    quote: await timed(() => {
      const from = 24 + Math.floor(random() * 60 * 24);
      const body = { gpu_count: pick([1, 2, 4]), starts_at: hours(from), ends_at: hours(from + pick([4, 24, 72])) };
      return createQuote(actor, quoteBody.parse({ gpu_type: pick(types), ...body }), now);
    }),
    naive_sweep: await timed(() => naiveSweep(now), { rounds: 20 }),
  };
  // Histories refuse to be truncated; with the project its bookings go.
  for (const table of thenEmpty ? ["project", "unit", "node", "pool", "gpu_type", "pool_usage"] : []) {
    await pool().query(`DELETE FROM ${table}`);
  }
  return figures;
}

/** The yardstick: the same 90 days for all pools, swept from the allocations themselves. */
function naiveSweep(now: Date) {
  return pool().query(
    `SELECT pool_id, at, sum(sum(by)) OVER (PARTITION BY pool_id ORDER BY at) AS depth
       FROM (SELECT pool_id, greatest(blocks_from, $1) AS at, 1 AS by FROM allocation WHERE blocks_to > $1 AND blocks_from < $2
             UNION ALL SELECT pool_id, blocks_to, -1 FROM allocation WHERE blocks_to > $1 AND blocks_from < $2) changes
      GROUP BY pool_id, at ORDER BY pool_id, at`,
    [now, new Date(now.getTime() + DAYS * 24 * HOUR_MS)],
  );
}

/**
 * A fleet that is booked half: every unit has its bookings one after the other, all four of a node at once on every other
 * node, unit by unit on the rest.
 */
async function load(units: number, now: Date): Promise<{ actor: Actor; types: string[] }> {
  const actor: Actor = {
    projectId: newId("project"),
    subject: { kind: "system", id: "bench" },
    role: "owner",
    permissions: new Set(ROLE_PERMISSIONS.owner),
  };
  await db.project.create({ data: { id: actor.projectId, name: "bench", plan: "premium" } });
  const types = Array.from({ length: TYPES }, (_, i) => ({
    id: newId("gpuType"),
    name: `T${i}`,
    memoryGb: 40 * 2 ** i,
  }));
  await db.gpuType.createMany({ data: types });
  const pools = Array.from({ length: POOLS }, (_, i) => ({
    id: newId("pool"),
    gpuTypeId: types[i % TYPES]?.id ?? "",
    name: `Pool ${i}`,
    region: "eu",
    provider: "simulated",
    horizonDays: DAYS,
    bufferAfterMinutes: 30,
    reserveUnits: 4,
    priceMicrosPerGpuHour: BigInt(1_000_000 + i * 250_000),
  }));
  await db.pool.createMany({ data: pools });
  const nodes = units / POOLS / LANES;
  for (const { id } of pools) {
    await pool().query(
      "INSERT INTO node (id, pool_id, name) SELECT $1 || 'n' || lpad(n::text, 5, '0'), $1, 'node ' || lpad(n::text, 5, '0') FROM generate_series(1, $2::int) n",
      [id, nodes],
    );
    await pool().query(
      "INSERT INTO unit (id, pool_id, node_id, lane) SELECT n.id || 'u' || l, $1, n.id, l FROM node n, generate_series(0, $2::int - 1) l WHERE n.pool_id = $1",
      [id, LANES],
    );
    await book(actor.projectId, id, nodes, now);
  }
  await pool().query("VACUUM ANALYZE unit, allocation, reservation, pool_usage");
  return { actor, types: types.map(({ name }) => name) };
}

async function book(projectId: string, poolId: string, nodes: number, now: Date): Promise<void> {
  const perChunk = Math.max(1, Math.floor(CHUNK / (LANES * BOOKINGS_PER_UNIT)));
  for (let from = 1; from <= nodes; from += perChunk) {
    const range = [
      poolId,
      from,
      Math.min(from + perChunk, nodes + 1),
      now,
      LANES,
      BOOKINGS_PER_UNIT,
      (DAYS * 24) / BOOKINGS_PER_UNIT,
    ];
    // One booking per lane and turn; lanes of an even node share theirs. Phase, start and length are spread by hashes.
    const bookings = `
      SELECT $1 || 'n' || lpad(n::text, 5, '0') AS node, n, l, k, CASE WHEN n % 2 = 0 THEN 0 ELSE l END AS owner,
             abs(hashtext($1 || n || ' ' || k || ' ' || CASE WHEN n % 2 = 0 THEN 0 ELSE l END)) AS h,
             abs(hashtext($1 || n || ' ' || CASE WHEN n % 2 = 0 THEN 0 ELSE l END)) % $7::int AS phase
        FROM generate_series($2::int, $3::int - 1) n, generate_series(0, $5::int - 1) l, generate_series(0, $6::int - 1) k`;
    const times = `$4::timestamptz + (k * $7::int - phase + h % 24) * interval '1 hour' AS s,
                   $4::timestamptz + (k * $7::int - phase + h % 24 + 12 + (h / 24) % 70) * interval '1 hour' AS e`;
    await pool().query(
      `INSERT INTO reservation (id, project_id, pool_id, created_by, status, gpu_count, starts_at, ends_at, segments, topology,
                                correlation_id, price, total_micros)
       SELECT DISTINCT ON (node, owner, k) 'rsv_' || node || '_' || owner || '_' || k, $8, $1, 'usr_bench', 'confirmed',
              CASE WHEN n % 2 = 0 THEN $5::int ELSE 1 END, s, e, '[]'::jsonb, 'any', 'x', '{}'::jsonb, 0
         FROM (SELECT *, ${times} FROM (${bookings}) b) t`,
      [...range, projectId],
    );
    await pool().query(
      `INSERT INTO allocation (id, pool_id, unit_id, kind, reservation_id, starts_at, ends_at, blocks_from, blocks_to)
       SELECT 'alc_' || node || '_' || l || '_' || k, $1, node || 'u' || l, 'booking', 'rsv_' || node || '_' || owner || '_' || k,
              s, e, s, e + interval '30 minutes'
         FROM (SELECT *, ${times} FROM (${bookings}) b) t`,
      range,
    );
  }
}

/** As a booking in each of them would: what this process keeps of them no longer holds. */
async function changeEveryPool(): Promise<void> {
  await pool().query("UPDATE pool SET usage_version = usage_version + 1");
}

async function timed(
  look: () => Promise<unknown>,
  { rounds = ROUNDS, before }: { rounds?: number; before?: () => Promise<void> } = {},
): Promise<Figures> {
  const times: number[] = [];
  // The first ones warm up caches and the compiler.
  for (let round = -WARM_UP; round < rounds; round += 1) {
    await before?.();
    const startedAt = performance.now();
    await look();
    if (round >= 0) times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return { p50: percentile(times, 50), p95: percentile(times, 95) };
}

/** The same sequence in every run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
