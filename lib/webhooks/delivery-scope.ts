import type { DeliveryClauses, DeliveryStatus, HttpClass } from "@/lib/contracts/deliveries";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";
import { firstIdAt, isId } from "@/lib/ids";
import { type Found, findByText } from "@/lib/webhooks/delivery-search";

/**
 * Which rows of the log a filter means, arranged so that indexes can answer it. A branch is a condition that one index
 * serves in the order of ids; branches share no row, and together with `residual` they are the filter.
 */
export type Scope = {
  branches: Branch[];
  /** Holds for every row, and has to be looked at row by row. */
  residual: Prisma.Sql | null;
};

export type Branch = {
  condition: Prisma.Sql;
  /** So few rows that they are read as a whole; no bound is needed. */
  isSmall: boolean;
};

/** Up to this many rows are looked up by an index that is not in the order of ids, and sorted. */
const FEW = 5000;

/** `projectId` is null for the whole installation. */
type Context = { projectId: string | null; now: Date };

/**
 * Chooses the way to the rows. The rarest clause leads: what a search found, a replay, bad ends and what is waiting,
 * then webhooks, then event types; without any of them the log as a whole.
 */
export async function scopeOf(context: Context, clauses: DeliveryClauses): Promise<Scope> {
  const found = clauses.q ? await findByText(context.projectId, clauses.q) : null;
  if (found?.kind === "nothing") return { branches: [], residual: null };
  const statuses = statusesOf(clauses);
  const webhooks = webhooksOf(clauses, found);
  if (statuses?.length === 0 || webhooks?.length === 0) return { branches: [], residual: null };
  const conditions = {
    range: rangeOf(context.projectId, clauses, found),
    webhooks: oneOf("webhook_id", webhooks),
    types: oneOf("event_type", clauses.event_type),
    statuses: statuses === null ? null : statusCondition(statuses, context.now),
    replay: clauses.replay_id === undefined ? null : Prisma.sql`replay_id = ${clauses.replay_id}`,
    events: found?.kind === "events" ? found.condition : null,
    rest: restOf(clauses),
  };
  const { range, ...named } = conditions;
  const scope = (branches: Branch[], served: (keyof typeof named)[]): Scope => {
    const left = Object.entries(named).flatMap(([name, condition]) =>
      condition === null || served.some((other) => other === name) ? [] : [condition],
    );
    return {
      branches: branches.map((branch) => ({ ...branch, condition: allOf([range, branch.condition]) })),
      residual: left.length === 0 ? null : allOf(left),
    };
  };

  if (found?.kind === "events" && found.isFew) return scope([small(eventPlaces(context, found.condition))], ["events"]);
  if (clauses.replay_id !== undefined) {
    const places = replayPlaces(context, clauses.replay_id);
    if (await isFew(places)) return scope([small(places)], ["replay"]);
  }
  if (statuses !== null && !statuses.includes("delivered")) {
    const branches = await statusBranches(context, statuses, webhooks);
    if (branches !== null) return scope(branches, ["statuses"]);
  }
  if (webhooks !== undefined) {
    return scope(
      webhooks.map((id) => ordered(Prisma.sql`webhook_id = ${id}`)),
      ["webhooks"],
    );
  }
  // The index of event types begins with the project; without one the types are looked at row by row, within the bound.
  if (clauses.event_type !== undefined && context.projectId !== null) {
    return scope(
      [...new Set(clauses.event_type)].map((type) => ordered(Prisma.sql`event_type = ${type}`)),
      ["types"],
    );
  }
  return scope([ordered(Prisma.sql`true`)], []);
}

/** Rows of the scope as text for FROM; `condition` is added to each branch. */
export function selectRows({ branches, residual }: Scope, columns: Prisma.Sql, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.join(
    branches.map(
      (branch) =>
        Prisma.sql`(SELECT ${columns} FROM delivery
                     WHERE ${allOf([branch.condition, condition, ...(residual === null ? [] : [residual])])})`,
    ),
    " UNION ALL ",
  );
}

/**
 * The newest ids of the scope, of each branch at most `limit`, as text for FROM. A branch with a residual looks at its
 * share of `most` rows and no further: see boundOf.
 */
export function selectNewest(
  { branches, residual }: Scope,
  { condition, limit, most }: { condition: Prisma.Sql; limit: number; most: number },
): Prisma.Sql {
  const share = shareOf(branches, most);
  return Prisma.join(
    branches.map((branch) => {
      const where = allOf([branch.condition, condition]);
      if (residual === null || branch.isSmall) {
        const all = residual === null ? where : allOf([where, residual]);
        return Prisma.sql`(SELECT id FROM delivery WHERE ${all} ORDER BY id DESC LIMIT ${limit})`;
      }
      // The inner limit is what bounds the work; it is lazy, so that a page of frequent rows costs only their number.
      return Prisma.sql`(SELECT id FROM (SELECT * FROM delivery WHERE ${where} ORDER BY id DESC LIMIT ${share}) AS delivery
                          WHERE ${residual} ORDER BY id DESC LIMIT ${limit})`;
    }),
    " UNION ALL ",
  );
}

function shareOf(branches: readonly Branch[], most: number): number {
  return Math.ceil(most / Math.max(1, branches.filter(({ isSmall }) => !isSmall).length));
}

/**
 * The last id that is looked at among the newest `most` rows of the scope, whatever they hold: from it upwards nothing
 * was left out. null when there are fewer rows than that.
 */
export async function boundOf({ branches }: Scope, condition: Prisma.Sql, most: number): Promise<string | null> {
  const open = branches.filter(({ isSmall }) => !isSmall);
  if (open.length === 0) return null;
  const share = shareOf(branches, most);
  const bounds = open.map(
    (branch) =>
      Prisma.sql`(SELECT id FROM delivery WHERE ${allOf([branch.condition, condition])}
                   ORDER BY id DESC OFFSET ${share - 1} LIMIT 1)`,
  );
  const [row] = await db.$queryRaw<{ bound: string | null }[]>`
    SELECT max(id) AS bound FROM (${Prisma.join(bounds, " UNION ALL ")}) AS bounds`;
  return row?.bound ?? null;
}

export function allOf(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], " AND ");
}

function inProject(projectId: string | null): Prisma.Sql {
  return projectId === null ? Prisma.sql`true` : Prisma.sql`project_id = ${projectId}`;
}

/** Time is asked of the id, which the indexes are ordered by anyway. */
function rangeOf(projectId: string | null, { from, to }: DeliveryClauses, found: Found | null): Prisma.Sql {
  return allOf([
    inProject(projectId),
    ...(from === undefined ? [] : [Prisma.sql`id >= ${firstIdAt("delivery", new Date(from))}`]),
    ...(to === undefined ? [] : [Prisma.sql`id < ${firstIdAt("delivery", new Date(to))}`]),
    ...(found?.kind === "deliveries" ? [Prisma.sql`id >= ${found.from} AND id < ${found.to}`] : []),
  ]);
}

function webhooksOf({ webhook_id }: DeliveryClauses, found: Found | null): string[] | undefined {
  if (found?.kind !== "webhooks") return webhook_id === undefined ? undefined : [...new Set(webhook_id)];
  return webhook_id === undefined ? found.ids : found.ids.filter((id) => webhook_id.includes(id));
}

/**
 * The statuses that can match; null for all. What was delivered was answered with 2xx, so that asking for any other
 * answer leaves it out, and with it nearly every row.
 */
function statusesOf({ status, http, error_code }: DeliveryClauses): DeliveryStatus[] | null {
  const badly = error_code !== undefined || (http !== undefined && !http.includes("2xx"));
  if (status === undefined) return badly ? ["pending", "delivering", "failed", "cancelled"] : null;
  return [...new Set(status)].filter((value) => !badly || value !== "delivered");
}

/** "pending" and "delivering" are one stored status, told apart by the lease. */
function statusCondition(statuses: readonly DeliveryStatus[], now: Date): Prisma.Sql {
  const ended = statuses.filter((status) => status !== "pending" && status !== "delivering");
  const parts = [
    ...(ended.length === 0 ? [] : [Prisma.sql`status IN (${Prisma.join(ended)})`]),
    ...waitingCondition(statuses, now),
  ];
  return Prisma.sql`(${Prisma.join(parts, " OR ")})`;
}

function waitingCondition(statuses: readonly DeliveryStatus[], now: Date): Prisma.Sql[] {
  const waiting = statuses.includes("pending");
  const underWay = statuses.includes("delivering");
  if (waiting && underWay) return [Prisma.sql`status = 'pending'`];
  if (waiting) return [Prisma.sql`(status = 'pending' AND coalesce(lease_until <= ${now}, true))`];
  return underWay ? [Prisma.sql`(status = 'pending' AND lease_until > ${now})`] : [];
}

/** Bad ends have an index of their own; what waits is found by the queue's, as long as it is little. */
async function statusBranches(
  { projectId, now }: Context,
  statuses: readonly DeliveryStatus[],
  webhooks: readonly string[] | undefined,
): Promise<Branch[] | null> {
  const branches: Branch[] = [];
  // Written out, not as parameters: the planner must see that the partial index covers them.
  if (statuses.includes("failed")) branches.push(ordered(Prisma.sql`status = 'failed'`));
  if (statuses.includes("cancelled")) branches.push(ordered(Prisma.sql`status = 'cancelled'`));
  const [waiting] = waitingCondition(statuses, now);
  if (waiting !== undefined) {
    const places = waitingPlaces(projectId, webhooks);
    if (!(await isFew(places))) return null;
    branches.push(small(places, waiting));
  }
  return branches;
}

function waitingPlaces(projectId: string | null, webhooks: readonly string[] | undefined): Prisma.Sql {
  const named = webhooks === undefined ? Prisma.sql`true` : Prisma.sql`id IN (${Prisma.join([...webhooks])})`;
  // Whose they are is asked of the webhooks: then the queue's index knows all that is needed to count them.
  const theirs = Prisma.sql`SELECT id FROM webhook WHERE ${named} AND ${inProject(projectId)}`;
  const part = (lane: Prisma.Sql) =>
    Prisma.sql`SELECT ctid FROM delivery WHERE webhook_id IN (${theirs}) AND status = 'pending' AND lane ${lane}`;
  return Prisma.sql`${part(Prisma.sql`IS NULL`)} UNION ALL ${part(Prisma.sql`IS NOT NULL`)}`;
}

function replayPlaces({ projectId }: Context, replayId: string): Prisma.Sql {
  return Prisma.sql`SELECT ctid FROM delivery WHERE replay_id = ${replayId} AND ${inProject(projectId)}`;
}

function eventPlaces({ projectId }: Context, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT ctid FROM delivery WHERE ${condition} AND ${inProject(projectId)}`;
}

async function isFew(places: Prisma.Sql): Promise<boolean> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT 1 FROM (${places}) AS found LIMIT ${FEW + 1}) AS few`;
  return (row?.count ?? 0) <= FEW;
}

function ordered(condition: Prisma.Sql): Branch {
  return { condition, isSmall: false };
}

/**
 * Evaluated once, before anything else: without the array the planner may prefer to walk the whole log. By their places in
 * the table, which are good within one statement, so that no id is looked up.
 */
function small(places: Prisma.Sql, also: Prisma.Sql = Prisma.sql`true`): Branch {
  return { condition: Prisma.sql`ctid = ANY (ARRAY(${places})) AND ${also}`, isSmall: true };
}

/** Clauses that no index serves. */
function restOf({ http, error_code, min_attempts, trigger }: DeliveryClauses): Prisma.Sql | null {
  const conditions = [
    ...(http === undefined ? [] : [Prisma.sql`(${Prisma.join([...new Set(http)].map(httpCondition), " OR ")})`]),
    ...(error_code === undefined ? [] : [Prisma.sql`error_code IN (${Prisma.join(error_code)})`]),
    ...(min_attempts === undefined || min_attempts === 0 ? [] : [Prisma.sql`attempt_count >= ${min_attempts}`]),
    ...(trigger === undefined ? [] : [Prisma.sql`trigger IN (${Prisma.join(trigger)})`]),
  ];
  return conditions.length === 0 ? null : allOf(conditions);
}

function httpCondition(kind: HttpClass): Prisma.Sql {
  if (kind === "none") return Prisma.sql`http_status IS NULL`;
  const first = Number(kind[0]) * 100;
  return Prisma.sql`http_status BETWEEN ${first} AND ${first + 99}`;
}

function oneOf(column: "webhook_id" | "event_type", values: readonly string[] | undefined): Prisma.Sql | null {
  return values === undefined ? null : Prisma.sql`${Prisma.raw(column)} IN (${Prisma.join([...values])})`;
}

/** Whether the text can be a cursor of the log. */
export function isCursor(text: string): boolean {
  return isId("delivery", text);
}
