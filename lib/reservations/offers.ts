import type { Offer, OfferKind, Topology } from "@/lib/contracts/availability";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { checkBooking } from "@/lib/contracts/booking-rules";
import { priceOf } from "@/lib/contracts/pricing";
import type { Shape, Site } from "@/lib/reservations/feasibility";
import { toSegments } from "@/lib/reservations/segments";

/** What can be booked, before it is verified that it can. */
export type Candidate = { site: Site; shape: Shape; kinds: OfferKind[] };

/** Priced as a booking would be; null when it breaks a rule of its pool. */
export function toOffer({ site, shape, kinds }: Candidate, policy: BookingPolicy): Offer | null {
  const { pool, now } = site;
  const segments = toSegments(shape.parts);
  if (checkBooking(pool.rules, segments, now, { topology: shape.topology }).length > 0) return null;
  const [first, last] = [segments[0], segments.at(-1)];
  if (!first || !last) return null;
  const most = Math.max(...segments.map(({ gpu_count }) => gpu_count));
  return {
    kinds,
    pool_id: pool.id,
    pool_name: pool.name,
    gpu_type: pool.gpuType.name,
    gpu_count: most,
    topology: shape.topology,
    single_node: isOneNode(shape.topology, most),
    starts_at: first.starts_at,
    ends_at: last.ends_at,
    segments,
    price: priceOf({ segments, rateMicros: pool.rateMicros, policy, bookedAt: now }),
  };
}

/** Only what is certain: others may be moved within what they were promised. */
function isOneNode(topology: Topology, count: number): boolean {
  return topology === "single_node" || count === 1;
}

/** The same booking found for several reasons is one offer. In the order given. */
export function mergeOffers(offers: readonly Offer[]): Offer[] {
  const merged = new Map<string, Offer>();
  for (const offer of offers) {
    const key = JSON.stringify([offer.pool_id, offer.topology, offer.segments]);
    const same = merged.get(key);
    if (same) same.kinds = [...new Set([...same.kinds, ...offer.kinds])];
    else merged.set(key, { ...offer });
  }
  return [...merged.values()];
}
