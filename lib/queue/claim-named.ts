import type { Pool } from "pg";
import {
  type ClaimedDelivery,
  type ClaimedRow,
  claimedColumns,
  DUE,
  LEASED,
  toClaimed,
  WAITED_MS,
} from "@/lib/queue/claim";

/**
 * A webhook `w` whose deliveries without a lane may be taken by whoever hears of them: it is well and has no limits of its
 * own.
 */
export const PLAIN = `w.enabled AND w.deleted_at IS NULL AND w.health = 'healthy' AND w.failing_since IS NULL
   AND w.paused_until IS NULL AND w.max_in_flight IS NULL AND w.rate_limit IS NULL`;

/**
 * Leases deliveries by their ids: those that were stored a moment ago, of which a notification told. It finds them by
 * their keys instead of looking for what is due, which is much of what a delivery waits for while there is little to do.
 *
 * Only the plain ones, about which there is nothing to decide: without a lane, of webhooks that are well and have no
 * limits of their own. All others are left to the claims that look, see claim.ts, as is what another worker was quicker
 * to lease. As there, the commit does not wait for the disk.
 */
const CLAIM_NAMED = `
WITH durability AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE delivery d SET ${LEASED}
  FROM durability, event e, webhook w, (
    SELECT d.ctid AS place FROM delivery d WHERE d.id = ANY ($1::text[]) AND d.lane IS NULL AND ${DUE} FOR UPDATE OF d SKIP LOCKED
  ) named
 WHERE d.ctid = named.place AND e.id = d.event_id AND w.id = d.webhook_id AND ${PLAIN}
RETURNING ${claimedColumns(WAITED_MS)}`;

/**
 * @param database the pool, or a connection of it
 * @returns those that were leased, in no particular order
 */
export async function claimNamed(database: Pick<Pool, "query">, ids: readonly string[]): Promise<ClaimedDelivery[]> {
  const { rows } = await database.query<ClaimedRow>({ name: "claim-named", text: CLAIM_NAMED, values: [ids] });
  return rows.map(toClaimed);
}
