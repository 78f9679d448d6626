import { z } from "zod";
import { listOf, timestamp } from "@/lib/contracts/common";
import { micros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";

export const FLEET_LIMITS = {
  nameLength: 100,
  memoryGb: 4096,
  gpuTypes: 100,
  pools: 500,
  /** GPUs of one node. */
  lanesPerNode: 64,
  unitsPerPool: 20_000,
  granularities: [1, 5, 10, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440],
  horizonDays: 730,
  bufferMinutes: 1440,
  freezeMinutes: 10_080,
  /** Nodes that one call adds. */
  nodesAtOnce: 2500,
  /** Per GPU and hour: 1,024 GPUs for 730 days cost less than MAX_MICROS. */
  priceMicros: 500_000_000,
} as const;

export const gpuTypeSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    memory_gb: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "GpuType" });

/** What boots a pool's machines: for trying out, vast.ai's market, or a provisioner of one's own. */
export const COMPUTE_PROVIDERS = ["simulated", "vast", "http"] as const;
export const computeProviderSchema = z.enum(COMPUTE_PROVIDERS);
export type ComputeProviderName = z.infer<typeof computeProviderSchema>;

/** The rules that a booking in the pool keeps, and its price. */
const rules = {
  granularity_minutes: z
    .int()
    .meta({ description: "Bookings start and end on multiples of it, counted from 00:00 UTC." }),
  min_duration_minutes: z.int(),
  max_duration_minutes: z.int(),
  horizon_days: z.int().meta({ description: "How far ahead a booking may end." }),
  buffer_before_minutes: z.int().meta({ description: "Set-up time: blocks the GPU, is not charged." }),
  buffer_after_minutes: z.int().meta({ description: "Clean-up time: blocks the GPU, is not charged." }),
  reserve_units: z.int().meta({ description: "GPUs that are never sold, for failovers." }),
  freeze_minutes: z.int().meta({ description: "Bookings that start within it are not moved to other GPUs any more." }),
  price_micros_per_gpu_hour: micros,
};

export const poolSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    gpu_type: z.object({ id: z.string(), name: z.string(), memory_gb: z.int() }),
    region: z.string(),
    provider: z.string().meta({ description: "Who runs the machines, in words." }),
    compute_provider: computeProviderSchema
      .nullable()
      .meta({ description: "What starts and stops them; null: what the installation is set to (`COMPUTE_PROVIDER`)." }),
    provisioner_id: z.string().nullable().meta({ description: "Whose contract it is, with `http`; null otherwise." }),
    ...rules,
    open: z.boolean().meta({ description: "A closed pool takes no new bookings; those it has go on." }),
    node_count: z.int(),
    unit_count: z.int().meta({ description: "GPUs, with the failover reserve." }),
    largest_node: z
      .int()
      .meta({ description: "GPUs of its largest node: the most that a single-node booking can have." }),
    version: z.int().meta({ description: "Send it back with a change." }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "Pool" });

export const nodeSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    units: z.array(z.object({ id: z.string(), lane: z.int() })).meta({ description: "By lane." }),
  })
  .meta({ id: "PoolNode" });

export const poolDetailSchema = poolSchema
  .extend({ nodes: z.array(nodeSchema).meta({ description: "In service, by name." }) })
  .meta({ id: "PoolDetail" });

export const poolParams = z.object({ pool_id: z.string() });

const tag = "Pools";

export const listGpuTypes = defineOperation({
  id: "listGpuTypes",
  method: "GET",
  path: "/gpu-types",
  summary: "GPU types, by name",
  tag,
  auth: "any",
  status: 200,
  response: listOf(gpuTypeSchema),
});

export const listPools = defineOperation({
  id: "listPools",
  method: "GET",
  path: "/pools",
  summary: "Pools, by name",
  tag,
  auth: "any",
  status: 200,
  response: listOf(poolSchema),
});

export const getPool = defineOperation({
  id: "getPool",
  method: "GET",
  path: "/pools/{pool_id}",
  summary: "Read a pool with its nodes and units",
  tag,
  auth: "any",
  params: poolParams,
  status: 200,
  response: poolDetailSchema,
});

export type GpuType = z.infer<typeof gpuTypeSchema>;
export type Pool = z.infer<typeof poolSchema>;
export type PoolDetail = z.infer<typeof poolDetailSchema>;
export type PoolNode = z.infer<typeof nodeSchema>;
/** The part of a pool that pure rules about bookings need. */
export type PoolRules = Pick<
  Pool,
  | "granularity_minutes"
  | "min_duration_minutes"
  | "max_duration_minutes"
  | "horizon_days"
  | "price_micros_per_gpu_hour"
  | "buffer_before_minutes"
  | "buffer_after_minutes"
>;
