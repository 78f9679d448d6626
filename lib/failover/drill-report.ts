import { z } from "zod";
import type { DrillReport } from "@/lib/contracts/failovers";
import { db } from "@/lib/db/client";
import { stepsOf } from "@/lib/failover/record";
import { presentFailover } from "@/lib/failover/view";
import type { Drill as DrillRow } from "@/lib/generated/prisma/client";

/** What a drill's row keeps; the rest of its report is told by its failovers and their events. */
const storedSchema = z.object({
  fault_id: z.string().nullable().default(null),
  failed_before: z.array(z.string()).default([]),
  moved: z.array(z.string()).default([]),
  did_not_hold: z.array(z.string()).default([]),
});

export function readReport({ report }: Pick<DrillRow, "report">): z.infer<typeof storedSchema> {
  return storedSchema.parse(report);
}

type Told = { failover_id: string; event_id: string; deliveries: number; delivered: number };

/** What happened by a drill so far: who was struck, how each was healed, what was told and credited, what did not hold. */
export async function reportOf(drill: DrillRow): Promise<DrillReport> {
  const stored = readReport(drill);
  const rows = await db.failover.findMany({
    where: { drillId: drill.id },
    include: { project: { select: { name: true } }, reservation: { select: { correlationId: true } } },
    orderBy: { id: "asc" },
  });
  const told = await toldOf(rows);
  const pools = new Map<string, { id: string; name: string }>();
  const healed = rows.map((row) => {
    const { id, reservation_id, way, status, from_node, to_node, gpu_count, gap_seconds, sla } = presentFailover(
      row,
      pools,
    );
    const event = told.get(id);
    return {
      failover_id: id,
      reservation_id,
      project: row.project.name,
      way,
      status,
      from_node,
      to_node,
      gpu_count,
      gap_seconds,
      sla_micros: sla?.total_micros ?? 0,
      event_id: event?.event_id ?? null,
      deliveries: event?.deliveries ?? 0,
      delivered: event?.delivered ?? 0,
    };
  });
  const steps = rows.flatMap((row) =>
    stepsOf(row).map((step) => ({ ...step, what: `${row.reservationId}: ${step.what}` })),
  );
  return {
    healed,
    moved: stored.moved,
    longest_gap_seconds: Math.max(0, ...healed.map(({ gap_seconds }) => gap_seconds ?? 0)),
    sla_micros: healed.reduce((sum, { sla_micros }) => sum + sla_micros, 0),
    did_not_hold: [
      ...stored.did_not_hold,
      ...rows
        .filter(({ way, status }) => way === "none" && status !== "recovering")
        .map(({ reservationId, toUnits }) =>
          toUnits.length === 0
            ? `There was no place for ${reservationId}; the rest of its price came back.`
            : `${reservationId} could not be started in any place; it keeps the GPUs of the last.`,
        ),
      ...healed
        .filter(({ status, event_id }) => status === "recovered" && event_id === null)
        .map(({ failover_id }) => `${failover_id} was not told.`),
    ],
    timeline: [
      { at: drill.startedAt.toISOString(), what: `${drill.nodeName} was made to fail.` },
      ...steps,
      ...(drill.finishedAt
        ? [{ at: drill.finishedAt.toISOString(), what: `${drill.nodeName} was made healthy again.` }]
        : []),
    ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
  };
}

/** The event of each failover, by the workflow of its reservation, and how many of its deliveries have arrived. */
async function toldOf(
  failovers: readonly { id: string; projectId: string; reservation: { correlationId: string } }[],
): Promise<Map<string, Told>> {
  if (failovers.length === 0) return new Map();
  const projectIds = [...new Set(failovers.map(({ projectId }) => projectId))];
  const correlationIds = [...new Set(failovers.map(({ reservation }) => reservation.correlationId))];
  const rows = await db.$queryRaw<Told[]>`
    SELECT e.body::jsonb #>> '{data,failover_id}' AS failover_id, e.id AS event_id, count(d.id)::int AS deliveries,
           count(d.id) FILTER (WHERE d.status = 'delivered')::int AS delivered
      FROM event e LEFT JOIN delivery d ON d.event_id = e.id AND d.project_id = e.project_id
     WHERE e.project_id = ANY(${projectIds}) AND e.correlation_id = ANY(${correlationIds})
       AND e.type = 'failover.triggered'
     GROUP BY e.id, e.body`;
  return new Map(rows.map((row) => [row.failover_id, row]));
}
