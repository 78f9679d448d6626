import type { Topology } from "@/lib/contracts/availability";
import type { Placement } from "@/lib/reservations/planner/place";
import type { PoolState } from "@/lib/reservations/pool-state";
import type { Part } from "@/lib/reservations/segments";

export type RefusalReason = Extract<Placement, { ok: false }>["reason"];

/**
 * There is no room for a booking. Thrown inside the transaction, where looking for alternatives would keep others
 * waiting; services turn it into the AppError "capacity_unavailable" after the locks are gone (explain.ts). Nothing has
 * been sent to the database that would spoil the transaction: a caller may catch it and book something else in it.
 */
export class CapacityRefused extends Error {
  override name = "CapacityRefused";

  constructor(
    readonly pool: PoolState,
    readonly want: { parts: Part[]; topology: Topology },
    readonly reason: RefusalReason,
    /** The reservation that was to be changed: what it has is not in its own way. */
    readonly reservationId: string | null = null,
  ) {
    super("The GPUs are not free.");
  }
}
