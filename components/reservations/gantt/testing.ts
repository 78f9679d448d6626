import type { Bar } from "@/lib/contracts/calendar";
import type { Pool, PoolDetail } from "@/lib/contracts/fleet";

const START = Date.parse("2026-12-01T00:00:00Z");

/** For tests: a bar of one's own; `hours` from the start of December 2026. */
export function makeBar({ hours: [from, to], ...given }: Partial<Bar> & { hours: [number, number] }): Bar {
  return {
    id: "bar",
    kind: "mine",
    reservation_id: given.kind === "others" || given.kind === "maintenance" ? null : "r",
    status: "confirmed",
    held: false,
    title: "Training",
    by: "Olga",
    pool_id: "pool",
    gpu_count: given.units?.length ?? 1,
    starts_at: new Date(START + from * 3_600_000).toISOString(),
    ends_at: new Date(START + to * 3_600_000).toISOString(),
    units: ["u1"],
    version: 1,
    ...given,
  };
}

/** For tests: a pool with nodes of so many GPUs each; the units are `<pool>-<node>-<lane>`. */
export function makePool({ nodes = [2, 2], ...given }: Partial<Pool> & { nodes?: number[] } = {}): PoolDetail {
  const id = given.id ?? "pool";
  return {
    id,
    name: `Pool ${id}`,
    gpu_type: { id: "gpu", name: "H100", memory_gb: 80 },
    region: "eu-central",
    provider: "simulated",
    compute_provider: null,
    provisioner_id: null,
    granularity_minutes: 60,
    min_duration_minutes: 60,
    max_duration_minutes: 43_200,
    horizon_days: 90,
    buffer_before_minutes: 0,
    buffer_after_minutes: 0,
    reserve_units: 0,
    freeze_minutes: 30,
    price_micros_per_gpu_hour: 2_000_000,
    open: true,
    node_count: nodes.length,
    unit_count: nodes.reduce((sum, lanes) => sum + lanes, 0),
    largest_node: Math.max(...nodes),
    version: 1,
    created_at: new Date(START).toISOString(),
    updated_at: new Date(START).toISOString(),
    ...given,
    nodes: nodes.map((lanes, n) => ({
      id: `${id}-${n}`,
      name: `node-${n}`,
      units: Array.from({ length: lanes }, (_, lane) => ({ id: `${id}-${n}-${lane}`, lane })),
    })),
  };
}
