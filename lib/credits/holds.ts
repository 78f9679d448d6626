import type { GrantSource } from "@/lib/contracts/credits";
import { lesser } from "@/lib/contracts/money";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";

/** What of a grant is held for a reservation and was spent on it, with what giving it back needs to know of the grant. */
export type Hold = {
  grantId: string;
  source: GrantSource;
  priority: number;
  expiresAt: Date | null;
  position: number;
  held: bigint;
  captured: bigint;
};

/** In the order of taking: what was taken first is spent first and given back last. */
export function readHolds(
  client: Tx | typeof db,
  { projectId, reservationId }: { projectId: string; reservationId: string },
): Promise<Hold[]> {
  return client.$queryRaw<Hold[]>`
    SELECT h.grant_id AS "grantId", g.source, g.priority, g.expires_at AS "expiresAt", h.position, h.held, h.captured
      FROM credit_hold h JOIN credit_grant g ON g.id = h.grant_id
     WHERE h.reservation_id = ${reservationId} AND h.project_id = ${projectId}
     ORDER BY h.position, h.grant_id`;
}

type Reservation = { projectId: string; reservationId: string };

/** Notes what was taken of which grant; a grant that the reservation has not taken from before comes last. */
export async function addHolds(
  tx: Tx,
  { projectId, reservationId }: Reservation,
  taken: readonly { grantId: string; amount: bigint }[],
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO credit_hold AS h (reservation_id, grant_id, project_id, position, held)
    SELECT ${reservationId}, t.grant_id, ${projectId},
           (SELECT coalesce(max(position), 0) FROM credit_hold WHERE reservation_id = ${reservationId}) + t.n::int, t.amount
      FROM unnest(${taken.map(({ grantId }) => grantId)}::text[], ${taken.map(({ amount }) => String(amount))}::bigint[])
             WITH ORDINALITY AS t (grant_id, amount, n)
    ON CONFLICT (reservation_id, grant_id) DO UPDATE SET held = h.held + EXCLUDED.held`;
}

/** How what is held and what was spent of a grant changes. */
export type HoldChange = { grantId: string; held: bigint; captured: bigint };

/** Adds the changes to holds that exist; several of one grant add up. */
export async function changeHolds(tx: Tx, { projectId, reservationId }: Reservation, changes: readonly HoldChange[]) {
  if (changes.length === 0) return;
  await tx.$executeRaw`
    UPDATE credit_hold h SET held = h.held + c.held, captured = h.captured + c.captured
      FROM (SELECT grant_id, sum(held)::bigint AS held, sum(captured)::bigint AS captured
              FROM unnest(${changes.map(({ grantId }) => grantId)}::text[],
                          ${changes.map(({ held }) => String(held))}::bigint[],
                          ${changes.map(({ captured }) => String(captured))}::bigint[]) AS u (grant_id, held, captured)
             GROUP BY grant_id) c
     WHERE h.reservation_id = ${reservationId} AND h.project_id = ${projectId} AND h.grant_id = c.grant_id`;
}

/**
 * Splits an amount over the holds in the given order, from each no more than it has.
 * @throws RangeError when they have less in all: the caller counted wrong
 */
export function split(
  holds: readonly Hold[],
  amount: bigint,
  has: (hold: Hold) => bigint,
): { hold: Hold; amount: bigint }[] {
  const parts: { hold: Hold; amount: bigint }[] = [];
  let left = amount;
  for (const hold of holds) {
    const part = lesser(has(hold), left);
    if (part <= 0n) continue;
    parts.push({ hold, amount: part });
    left -= part;
  }
  if (left > 0n)
    throw new RangeError(`${amount} micro-credits are asked for, and the reservation has ${amount - left}.`);
  return parts;
}
