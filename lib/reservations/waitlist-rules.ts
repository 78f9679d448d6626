import type { Offer } from "@/lib/contracts/availability";
import type { FieldError } from "@/lib/contracts/problem";
import type { WaitlistCriteria } from "@/lib/contracts/waitlist";
import type { PoolState } from "@/lib/reservations/pool-state";

/** A place that was offered and declined. */
export type Declined = { pool_id: string; starts_at: string };

const MINUTE_MS = 60_000;

/** The last moment at which it could begin and be finished in time, in Unix ms; null: there is none. */
export function latestStart({ finish_by, duration_minutes }: WaitlistCriteria): number | null {
  return finish_by === undefined ? null : Date.parse(finish_by) - duration_minutes * MINUTE_MS;
}

/** Why none of the pools can ever meet a request, however long it waits; null when one can. */
export function whyNever(pools: readonly PoolState[], criteria: WaitlistCriteria): FieldError | null {
  const { gpu_count: count, duration_minutes: minutes, topology } = criteria;
  const open = pools.filter(({ rules }) => rules.open);
  if (open.length === 0) return { field: "pool_ids", message: "None of these pools takes new bookings." };
  const large = open.filter(({ sellable, rules }) =>
    topology === "single_node" ? Math.min(sellable, rules.largest_node) >= count : sellable >= count,
  );
  if (large.length === 0) {
    const most = Math.max(
      ...open.map(({ sellable, rules }) =>
        topology === "single_node" ? Math.min(sellable, rules.largest_node) : sellable,
      ),
    );
    const where = topology === "single_node" ? "one node of these pools" : "any of these pools";
    return { field: "gpu_count", message: `No more than ${most} GPUs can be booked in ${where}: ask for fewer.` };
  }
  if (large.some(({ rules }) => rules.max_duration_minutes >= minutes)) return null;
  const longest = Math.max(...large.map(({ rules }) => rules.max_duration_minutes));
  return { field: "duration_minutes", message: `These pools are booked for at most ${longest} minutes: ask for less.` };
}

/** Whether an entry could be met in the pool. */
export function concerns(
  { pool_ids, gpu_type }: WaitlistCriteria,
  { id, gpuTypeId, gpuTypeName }: { id: string; gpuTypeId: string; gpuTypeName: string },
): boolean {
  if (pool_ids && !pool_ids.includes(id)) return false;
  return gpu_type === undefined || gpu_type === gpuTypeId || gpu_type.toLowerCase() === gpuTypeName.toLowerCase();
}

/** Of what was found, what to offer: as asked, near or early, and not what was declined. */
export function chooseOffer(offers: readonly Offer[], declined: readonly Declined[]): Offer | undefined {
  return offers.find(
    (offer) =>
      // Longer than asked costs more than asked.
      offer.kinds.some((kind) => kind !== "longest") &&
      !declined.some(
        ({ pool_id, starts_at }) => pool_id === offer.pool_id && Date.parse(starts_at) === Date.parse(offer.starts_at),
      ),
  );
}

/** Where to look on when all that was found has been declined: after the last of it, in Unix ms. */
export function lookAfter(declined: readonly Declined[]): number {
  return Math.max(...declined.map(({ starts_at }) => Date.parse(starts_at))) + MINUTE_MS;
}
