import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { transaction } from "@/lib/db/transaction";
import { alternativesTo } from "@/lib/failover/alternatives";
import type { RoundOptions } from "@/lib/failover/detect";
import { goElsewhere } from "@/lib/failover/elsewhere";
import { guarded } from "@/lib/failover/guarded";
import { nextStep } from "@/lib/failover/observe";
import { closeFailover } from "@/lib/failover/record";
import type { Ending, Step } from "@/lib/failover/step";
import type { Failover as FailoverRow } from "@/lib/generated/prisma/client";
import { lockRow } from "@/lib/reservations/lock";
import { openScene } from "@/lib/reservations/scene";

type Open = Pick<FailoverRow, "id" | "projectId" | "reservationId">;
/** Anything but waiting. */
type Action = Exclude<Step, { kind: "wait" }>;

/**
 * Brings failovers to their end whose replacement runs, or gives it another place where it cannot be started. Each under
 * its reservation's lock, which its credit needs anyway.
 * @returns how many came to an end
 */
export async function closeRecovered(options: RoundOptions): Promise<number> {
  const open = await db.failover.findMany({
    where: { status: "recovering" },
    select: { id: true, projectId: true, reservationId: true },
    orderBy: { id: "asc" },
  });
  let closed = 0;
  for (const one of open) closed += await guarded(() => goOn(one, options), 0, { failover: one.id });
  return closed;
}

async function goOn(open: Open, options: RoundOptions): Promise<number> {
  const next = await endWith(open, options, endingOf);
  if (next === "ended") return 1;
  if (next === "over" || next.kind === "wait") return 0;
  if (next.kind === "elsewhere" && (await goElsewhere(open, options))) return 0;
  // Looked for before the lock is taken, as looking takes a while.
  const alternatives = await alternativesTo(open.reservationId, options.now ?? (await databaseNow(db)));
  const last = await endWith(open, options, finalEndingOf, alternatives);
  return last === "ended" ? 1 : 0;
}

/** What ends at once. What gives up names what can be booked instead, which is yet to be found. */
function endingOf(action: Action): Ending | undefined {
  return action.kind === "end" && !action.ending.gaveUp ? action.ending : undefined;
}

function finalEndingOf(action: Action): Ending {
  return action.kind === "elsewhere" ? action.otherwise : action.ending;
}

/** @returns "over": another one ended it; the step that is to be taken where that is no ending here */
async function endWith(
  { id, projectId, reservationId }: Open,
  { now }: RoundOptions,
  endingOf: (action: Action) => Ending | undefined,
  alternatives: unknown[] = [],
): Promise<"ended" | "over" | Step> {
  return transaction(async (tx) => {
    const reservation = await lockRow(tx, projectId, reservationId);
    const row = await tx.failover.findUniqueOrThrow({ where: { id } });
    if (row.status !== "recovering") return "over";
    const scene = await openScene(tx, { projectId, by: "system" }, now);
    const step = await nextStep(tx, row, reservation, scene.now);
    const ending = step.kind === "wait" ? undefined : endingOf(step);
    if (!ending) return step;
    await closeFailover(scene, row, { ...ending, alternatives });
    return "ended";
  });
}
