import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { LOOK_TIME } from "@/lib/db/until-due";
import { Prisma } from "@/lib/generated/prisma/client";

/** What time does with reservations, in the order in which it is done at the same moment: what ends makes room for what starts. */
export const STEPS = ["expire", "ending", "end", "start", "capture"] as const;
export type Step = (typeof STEPS)[number];

/** A step of a reservation whose time has come. */
export type Due = { reservationId: string; step: Step; at: Date };

/** Warnings are sent so many minutes before the end. */
export const NOTICES = [30, 5] as const;

/** What an active reservation has used up is booked about this often, in minutes, and with every change. */
export const CAPTURE_MINUTES = 10;

type Row = { id: string; rank: number; due_at: Date };

const minutes = (count: number) => Prisma.raw(`interval '${count} minutes'`);

/** Everything that is due at a moment: reservation, place among STEPS, since when. */
function dueAt(now: Date | Prisma.Sql): Prisma.Sql {
  const [early, late] = NOTICES;
  return Prisma.sql`
      SELECT id, 0 AS rank, hold_expires_at AS due_at FROM reservation WHERE status = 'held' AND hold_expires_at <= ${now}
      UNION ALL
      SELECT id, 1, CASE WHEN ends_at - ${minutes(late)} <= ${now} THEN ends_at - ${minutes(late)} ELSE ends_at - ${minutes(early)} END
        FROM reservation
       WHERE status = 'active' AND ends_at > ${now} AND ends_at - ${minutes(early)} <= ${now}
         AND (ending_notice IS NULL OR (ending_notice > ${Prisma.raw(String(late))} AND ends_at - ${minutes(late)} <= ${now}))
      UNION ALL
      SELECT id, 2, ends_at FROM reservation WHERE status = 'active' AND ends_at <= ${now}
      UNION ALL
      SELECT id, 3, starts_at FROM reservation WHERE status = 'confirmed' AND starts_at <= ${now}
      UNION ALL
      SELECT id, 4, updated_at + ${minutes(CAPTURE_MINUTES)} FROM reservation
       WHERE status = 'active' AND ends_at > ${now} AND updated_at + ${minutes(CAPTURE_MINUTES)} <= ${now}`;
}

/** SQL: whether anything is due of a reservation. */
export const RESERVATION_DUE = `EXISTS (${dueAt(Prisma.raw(LOOK_TIME)).text})`;

/**
 * What is due, in the order in which it is to be done. Of warnings that were missed only the last one is still worth
 * sending, and none after the end.
 */
export async function findDue(client: Tx | typeof db, now: Date, limit: number): Promise<Due[]> {
  const rows = await client.$queryRaw<Row[]>`
    SELECT id, rank, due_at FROM (${dueAt(now)}) d ORDER BY due_at, rank, id LIMIT ${limit}`;
  return rows.map(({ id, rank, due_at }) => ({ reservationId: id, step: stepOf(rank), at: due_at }));
}

/** The earlier first; at the same moment in the order of STEPS. */
export function compareDue(a: Due, b: Due): number {
  return a.at.getTime() - b.at.getTime() || STEPS.indexOf(a.step) - STEPS.indexOf(b.step);
}

function stepOf(rank: number): Step {
  const step = STEPS[rank];
  if (!step) throw new Error(`There is no step ${rank}.`);
  return step;
}
