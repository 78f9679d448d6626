import { type Actor, authorise } from "@/lib/accounts/actor";
import { COST_LIMITS, type Costs } from "@/lib/contracts/costs";
import { toJsonMicros } from "@/lib/contracts/money";
import { reservationStatusSchema } from "@/lib/contracts/reservations";
import { type Period, periodAt } from "@/lib/costs/periods";
import { add, NOTHING, presentSpent, readBooked, readRunning, type Spent, total } from "@/lib/costs/spent";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { invalidField } from "@/lib/errors";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000n;

/**
 * What the project cost in a range of time, by reservation and instance. Amounts count when the ledger booked them, which
 * is at most ten minutes after they were used up; what is not booked yet counts to a range that holds this moment.
 * @throws AppError "forbidden", "validation_failed" for a range that is empty or too long
 */
export async function getCosts(
  actor: Actor,
  asked: { from?: string | undefined; to?: string | undefined },
  at?: Date,
): Promise<Costs> {
  authorise(actor, "costs:read");
  const { projectId } = actor;
  const now = at ?? (await databaseNow(db));
  const range = rangeOf(asked, now);
  const [booked, running] = await Promise.all([
    readBooked(db, projectId, range),
    range.start <= now && now < range.end ? readRunning(db, [projectId], now) : [],
  ]);
  const spent = new Map<string, Spent>(booked);
  for (const { reservationId, running: micros } of running) {
    spent.set(reservationId, add(spent.get(reservationId) ?? NOTHING, { ...NOTHING, running: micros }));
  }
  const ranked = [...spent].toSorted(([idA, a], [idB, b]) => Number(total(b) - total(a)) || (idA < idB ? 1 : -1));
  const listed = ranked.slice(0, COST_LIMITS.listed);
  const rates = new Map(running.map(({ reservationId, ratePerHour }) => [reservationId, ratePerHour]));
  const ids = listed.map(([id]) => id);
  const [reservations, instances, days] = await Promise.all([
    db.reservation.findMany({ where: { id: { in: ids }, projectId }, select: { id: true, title: true, status: true } }),
    readInstances(projectId, ids, now),
    readDays(
      projectId,
      range,
      running.reduce((sum, { running: micros }) => sum + micros, 0n),
      now,
    ),
  ]);
  const rowOf = new Map(reservations.map((row) => [row.id, row]));
  return {
    from: range.start.toISOString(),
    to: range.end.toISOString(),
    ...presentSpent(sum(spent.values())),
    rate_micros_per_hour: toJsonMicros([...rates.values()].reduce((a, b) => a + b, 0n)),
    days,
    reservations: listed.flatMap(([id, of]) => {
      const row = rowOf.get(id);
      if (!row) return [];
      return {
        id,
        title: row.title,
        status: reservationStatusSchema.parse(row.status),
        ...presentSpent(of),
        rate_micros_per_hour: toJsonMicros(rates.get(id) ?? 0n),
      };
    }),
    others_micros: toJsonMicros(total(sum(ranked.slice(COST_LIMITS.listed).map(([, of]) => of)))),
    instances,
  };
}

function sum(parts: Iterable<Spent>): Spent {
  return [...parts].reduce(add, NOTHING);
}

function rangeOf({ from, to }: { from?: string | undefined; to?: string | undefined }, now: Date): Period {
  const month = periodAt("month", now);
  const start = from === undefined ? month.start : new Date(from);
  const end = to === undefined ? (from === undefined ? month.end : new Date(Math.max(+now, +start) + 1)) : new Date(to);
  if (start >= end) throw invalidField("to", "It must be after `from`.");
  if (+end - +start > COST_LIMITS.days * DAY_MS) {
    throw invalidField("to", `At most ${COST_LIMITS.days} days lie between \`from\` and \`to\`; ask for less.`);
  }
  return { start, end };
}

async function readDays(projectId: string, { start, end }: Period, running: bigint, now: Date): Promise<Costs["days"]> {
  const rows = await db.$queryRaw<{ day: string; spent: bigint }[]>`
    SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, -sum(available_delta + held_delta)::bigint AS spent
      FROM ledger_transaction
     WHERE project_id = ${projectId} AND kind IN ('capture', 'fee') AND created_at >= ${start} AND created_at < ${end}
     GROUP BY 1`;
  const spent = new Map(rows.map((row) => [row.day, row.spent]));
  const today = dayOf(now);
  if (running > 0n) spent.set(today, (spent.get(today) ?? 0n) + running);
  const days: Costs["days"] = [];
  // Days to come cost nothing yet and are left out.
  const last = Math.min(+end - 1, Math.max(+now, +start));
  for (let at = Date.parse(dayOf(start)); at <= last; at += DAY_MS) {
    const day = dayOf(new Date(at));
    days.push({ day, cost_micros: toJsonMicros(spent.get(day) ?? 0n) });
  }
  return days;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

async function readInstances(
  projectId: string,
  reservationIds: readonly string[],
  now: Date,
): Promise<Costs["instances"]> {
  const rows = await db.instance.findMany({
    where: { projectId, reservationId: { in: [...reservationIds] } },
    orderBy: { id: "desc" },
    take: COST_LIMITS.listed,
  });
  return rows.map((row) => {
    const current = row.runningSince === null ? 0n : BigInt(Math.max(0, +now - +row.runningSince));
    const ranMs = row.ranMs + current;
    return {
      id: row.id,
      name: row.name,
      status: row.status,
      reservation_id: row.reservationId,
      gpu_count: row.gpuCount,
      ran_seconds: Number(ranMs / 1000n),
      rate_micros_per_hour: toJsonMicros(row.priceMicrosPerHour),
      cost_micros: toJsonMicros((row.priceMicrosPerHour * ranMs) / HOUR_MS),
    };
  });
}
