import type { Offer } from "@/lib/contracts/availability";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import { priceOf, type Segment } from "@/lib/contracts/pricing";
import type { Reservation } from "@/lib/contracts/reservations";

const AT = "2026-11-01T00:00:00.000Z";

/** For tests: an open pool of 16 H100 in hours, with 8 on the largest machine. */
export function poolOf(changes: Partial<Pool> = {}): Pool {
  return {
    id: "pol_1",
    name: "Frankfurt H100",
    gpu_type: { id: "gpt_1", name: "H100", memory_gb: 80 },
    region: "eu-central",
    provider: "simulated",
    compute_provider: null,
    provisioner_id: null,
    granularity_minutes: 60,
    min_duration_minutes: 60,
    max_duration_minutes: 43_200,
    horizon_days: 180,
    buffer_before_minutes: 0,
    buffer_after_minutes: 0,
    reserve_units: 0,
    freeze_minutes: 30,
    price_micros_per_gpu_hour: 2_000_000,
    open: true,
    node_count: 2,
    unit_count: 16,
    largest_node: 8,
    version: 1,
    created_at: AT,
    updated_at: AT,
    ...changes,
  };
}

export const H100: GpuType = { id: "gpt_1", name: "H100", memory_gb: 80, created_at: AT, updated_at: AT };

export function segmentOf(starts_at: string, ends_at: string, gpu_count = 8): Segment {
  return { starts_at, ends_at, gpu_count };
}

export function priceFor(segments: Segment[]) {
  return priceOf({ segments, rateMicros: 2_000_000, policy: DEFAULT_BOOKING_POLICY, bookedAt: new Date(AT) });
}

/** Something that can be booked: 8 H100 for a day. */
export function offerOf(changes: Partial<Offer> & { segments?: Segment[] } = {}): Offer {
  const segments = changes.segments ?? [segmentOf("2026-12-01T09:00:00.000Z", "2026-12-02T09:00:00.000Z")];
  return {
    kinds: ["shift"],
    pool_id: "pol_1",
    pool_name: "Frankfurt H100",
    gpu_type: "H100",
    gpu_count: Math.max(...segments.map(({ gpu_count }) => gpu_count)),
    topology: "any",
    single_node: false,
    starts_at: segments[0]?.starts_at ?? "",
    ends_at: segments.at(-1)?.ends_at ?? "",
    segments,
    price: priceFor(segments),
    ...changes,
  };
}

/** A confirmed reservation of 8 H100 for a day. */
export function reservationOf(changes: Partial<Reservation> = {}): Reservation {
  const segments = changes.segments ?? [segmentOf("2026-12-01T09:00:00.000Z", "2026-12-02T09:00:00.000Z")];
  return {
    id: "rsv_1",
    status: "confirmed",
    title: "Training",
    pool_id: "pol_1",
    pool: { id: "pol_1", name: "Frankfurt H100", region: "eu-central", gpu_type: "H100" },
    gpu_count: Math.max(...segments.map(({ gpu_count }) => gpu_count)),
    starts_at: segments[0]?.starts_at ?? "",
    ends_at: segments.at(-1)?.ends_at ?? "",
    segments,
    topology: "any",
    pinned: false,
    config: null,
    environment: null,
    snapshot_at_end: false,
    correlation_id: "cor_1",
    series_id: null,
    quote_id: null,
    price: priceFor(segments),
    captured_micros: 0,
    fees_micros: 0,
    units: [],
    mine: true,
    created_by: { id: "usr_1", name: "Olga" },
    hold_expires_at: null,
    started_at: null,
    ended_at: null,
    created_at: AT,
    updated_at: AT,
    version: 3,
    ...changes,
  };
}
