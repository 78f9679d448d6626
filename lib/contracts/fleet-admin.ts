import { z } from "zod";
import { isStorable, listOf, pageOf, pageQuery, timestamp } from "@/lib/contracts/common";
import {
  computeProviderSchema,
  FLEET_LIMITS,
  gpuTypeSchema,
  nodeSchema,
  poolDetailSchema,
  poolParams,
  poolSchema,
} from "@/lib/contracts/fleet";
import { inTheWaySchema } from "@/lib/contracts/in-the-way";
import { micros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";

/** What admins of the installation do with the fleet. Reading it is in contracts/fleet.ts. */

const words = z
  .string()
  .trim()
  .min(1, "Enter a name")
  .max(FLEET_LIMITS.nameLength, `Use at most ${FLEET_LIMITS.nameLength} characters`)
  .refine(isStorable, "Leave out what cannot be stored");

const minutes = (least: number, most: number) =>
  z.int("Enter a whole number of minutes").min(least, `At least ${least}`).max(most, `At most ${most}`);

const DAY = 1440;

export const gpuTypeFields = {
  name: words,
  memory_gb: z
    .int("Enter a whole number of gigabytes")
    .min(1, "At least 1")
    .max(FLEET_LIMITS.memoryGb, `At most ${FLEET_LIMITS.memoryGb}`),
};

export const createGpuTypeBody = z.strictObject(gpuTypeFields);
export const updateGpuTypeBody = createGpuTypeBody.partial();

/** What an admin sets of a pool. What belongs together is checked by `checkRules`. */
const poolFields = {
  name: words,
  region: words,
  provider: words.meta({ description: "Who runs the machines, in words." }),
  compute_provider: computeProviderSchema
    .nullable()
    .meta({ description: "What starts and stops them; null: what the installation is set to." }),
  provisioner_id: z.string().max(100).nullable().meta({ description: "Needed for `http`, null for all others." }),
  granularity_minutes: z
    .int()
    .refine(
      (value) => (FLEET_LIMITS.granularities as readonly number[]).includes(value),
      `One of ${FLEET_LIMITS.granularities.join(", ")}`,
    )
    .meta({ description: "Bookings start and end on multiples of it, counted from 00:00 UTC." }),
  min_duration_minutes: minutes(5, FLEET_LIMITS.horizonDays * DAY),
  max_duration_minutes: minutes(5, FLEET_LIMITS.horizonDays * DAY),
  horizon_days: z
    .int("Enter a whole number of days")
    .min(1, "At least 1")
    .max(FLEET_LIMITS.horizonDays, `At most ${FLEET_LIMITS.horizonDays}`),
  buffer_before_minutes: minutes(0, FLEET_LIMITS.bufferMinutes),
  buffer_after_minutes: minutes(0, FLEET_LIMITS.bufferMinutes),
  reserve_units: z
    .int("Enter a whole number")
    .min(0, "At least 0")
    .max(FLEET_LIMITS.unitsPerPool)
    .meta({ description: "GPUs that are never sold, at most as many as the pool has." }),
  freeze_minutes: minutes(0, FLEET_LIMITS.freezeMinutes),
  price_micros_per_gpu_hour: micros.max(
    FLEET_LIMITS.priceMicros,
    `At most ${FLEET_LIMITS.priceMicros} micro-credits, so that the price of every possible booking is exact`,
  ),
  open: z.boolean(),
};

type Rules = {
  granularity_minutes: number;
  min_duration_minutes: number;
  max_duration_minutes: number;
  horizon_days: number;
};

/** What is wrong between the rules of a pool: the field and the mend. */
export function checkRules(rules: Rules): { field: keyof Rules; message: string }[] {
  const { granularity_minutes: step, min_duration_minutes: min, max_duration_minutes: max, horizon_days: days } = rules;
  const offGrid = `Give a multiple of the granularity, ${step} minutes`;
  return [
    ...(min % step === 0 ? [] : [{ field: "min_duration_minutes" as const, message: offGrid }]),
    ...(max % step === 0 ? [] : [{ field: "max_duration_minutes" as const, message: offGrid }]),
    ...(min <= max
      ? []
      : [{ field: "max_duration_minutes" as const, message: "This is shorter than the shortest booking" }]),
    ...(min <= days * DAY
      ? []
      : [{ field: "min_duration_minutes" as const, message: `This is longer than the horizon, ${days} days` }]),
  ];
}

/** What is wrong between a pool's compute provider and its provisioner. */
export function checkProvider(pool: {
  compute_provider: string | null;
  provisioner_id: string | null;
}): { field: "provisioner_id"; message: string }[] {
  const needsOne = pool.compute_provider === "http";
  if (needsOne === (pool.provisioner_id !== null)) return [];
  const message = needsOne
    ? "Choose the provisioner that runs its machines"
    : "Only a pool of its own machines has one";
  return [{ field: "provisioner_id", message }];
}

/** `{n}`, `{nn}` or `{nnn}` in a node's name stand for a number of at least so many digits. */
export const NODE_NUMBER = /\{(n{1,4})\}/;

const nodeCount = z
  .int("Enter a whole number")
  .min(1, "At least 1")
  .max(FLEET_LIMITS.nodesAtOnce, `At most ${FLEET_LIMITS.nodesAtOnce} at once`);
const lanes = z
  .int("Enter a whole number")
  .min(1, "At least 1")
  .max(FLEET_LIMITS.lanesPerNode, `At most ${FLEET_LIMITS.lanesPerNode} GPUs per node`);

export const addNodesBody = z
  .strictObject({
    name: words.meta({
      description: "With `{n}`, `{nn}`, … for a number of so many digits; needed for more than one node.",
    }),
    count: nodeCount.default(1),
    lanes: lanes.meta({ description: "GPUs of each." }),
  })
  .refine(({ name, count }) => count === 1 || NODE_NUMBER.test(name), {
    message: "Put {n} or {nn} where the number goes, for example fra-h100-{nn}",
    path: ["name"],
  });

export const createPoolBody = z.strictObject({
  ...poolFields,
  gpu_type_id: z.string().min(1, "Choose a GPU type").max(100),
  compute_provider: poolFields.compute_provider.default(null),
  provisioner_id: poolFields.provisioner_id.default(null),
  granularity_minutes: poolFields.granularity_minutes.default(60),
  min_duration_minutes: poolFields.min_duration_minutes.default(60),
  max_duration_minutes: poolFields.max_duration_minutes.default(30 * DAY),
  horizon_days: poolFields.horizon_days.default(90),
  buffer_before_minutes: poolFields.buffer_before_minutes.default(0),
  buffer_after_minutes: poolFields.buffer_after_minutes.default(0),
  reserve_units: poolFields.reserve_units.default(0),
  freeze_minutes: poolFields.freeze_minutes.default(30),
  open: poolFields.open.default(true),
  nodes: addNodesBody.optional().meta({ description: "Its first nodes; more can be added later." }),
});

const version = z
  .int()
  .min(1)
  .meta({ description: "The version that was read: a newer one refuses the change with version_conflict." });

export const updatePoolBody = z.strictObject(poolFields).partial().extend({ version });

export const nodeParams = poolParams.extend({ node_id: z.string() });
export const renameNodeBody = z.strictObject({ name: words });
export const retireNodeBody = z.strictObject({
  dry_run: z.boolean().default(false).meta({ description: "Changes nothing; answers 200 with what would happen." }),
});

/** Bookings that went, or would go, to other GPUs of the pool. */
export const movedSchema = z.object({
  moved: z.int().meta({ description: "Bookings that move to other GPUs of the pool; they lose nothing." }),
  moved_reservations: z.array(z.object({ reservation_id: z.string(), project_id: z.string() })),
});

const holdingSchema = inTheWaySchema.omit({ why: true, gpu_count: true }).meta({ id: "UnitHolding" });

export const nodeUnitsSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    created_at: timestamp,
    units: z.array(
      z.object({
        id: z.string(),
        lane: z.int(),
        now: holdingSchema.nullable().meta({ description: "What it holds at this moment, buffers included." }),
        next: holdingSchema.nullable().meta({ description: "What comes first after that." }),
      }),
    ),
  })
  .meta({ id: "NodeUnits" });

const tag = "Fleet";
const typeParams = z.object({ gpu_type_id: z.string() });

export const createGpuType = defineOperation({
  id: "createGpuType",
  method: "POST",
  path: "/gpu-types",
  summary: "Add a GPU type",
  tag,
  auth: "admin",
  body: createGpuTypeBody,
  status: 201,
  response: gpuTypeSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const updateGpuType = defineOperation({
  id: "updateGpuType",
  method: "PATCH",
  path: "/gpu-types/{gpu_type_id}",
  summary: "Change a GPU type",
  tag,
  auth: "admin",
  params: typeParams,
  body: updateGpuTypeBody,
  status: 200,
  response: gpuTypeSchema,
});

export const deleteGpuType = defineOperation({
  id: "deleteGpuType",
  method: "DELETE",
  path: "/gpu-types/{gpu_type_id}",
  summary: "Remove a GPU type that no pool has",
  tag,
  auth: "admin",
  params: typeParams,
  status: 204,
  errors: ["conflict"],
});

export const createPool = defineOperation({
  id: "createPool",
  method: "POST",
  path: "/pools",
  summary: "Add a pool, with nodes if you like",
  tag,
  auth: "admin",
  body: createPoolBody,
  status: 201,
  response: poolDetailSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const updatePool = defineOperation({
  id: "updatePool",
  method: "PATCH",
  path: "/pools/{pool_id}",
  summary: "Change a pool's rules, price or reserve; open or close it",
  description:
    "Bookings that exist keep their times, price and GPUs whatever changes here. The GPU type of a pool stays: make another pool for another type.",
  tag,
  auth: "admin",
  params: poolParams,
  body: updatePoolBody,
  status: 200,
  response: poolSchema,
  errors: ["version_conflict"],
});

export const deletePool = defineOperation({
  id: "deletePool",
  method: "DELETE",
  path: "/pools/{pool_id}",
  summary: "Remove a pool that nothing refers to",
  description: "With its nodes. A pool that was ever booked stays, because its bookings do: close it instead.",
  tag,
  auth: "admin",
  params: poolParams,
  status: 204,
  errors: ["conflict"],
});

export const addNodes = defineOperation({
  id: "addNodes",
  method: "POST",
  path: "/pools/{pool_id}/nodes",
  summary: "Add nodes with their GPUs",
  description: "Numbers go on after the highest that the pool has used with this name.",
  tag,
  auth: "admin",
  params: poolParams,
  body: addNodesBody,
  status: 201,
  response: listOf(nodeSchema),
  idempotent: true,
  errors: ["conflict"],
});

export const listNodeUnits = defineOperation({
  id: "listNodeUnits",
  method: "GET",
  path: "/pools/{pool_id}/nodes",
  summary: "Nodes in service by name, with what each GPU holds now and next",
  tag,
  auth: "admin",
  params: poolParams,
  query: pageQuery,
  status: 200,
  response: pageOf(nodeUnitsSchema),
  errors: ["invalid_cursor"],
});

export const renameNode = defineOperation({
  id: "renameNode",
  method: "PATCH",
  path: "/pools/{pool_id}/nodes/{node_id}",
  summary: "Rename a node",
  tag,
  auth: "admin",
  params: nodeParams,
  body: renameNodeBody,
  status: 200,
  response: nodeSchema,
  errors: ["conflict"],
});

export const retireNode = defineOperation({
  id: "retireNode",
  method: "POST",
  path: "/pools/{pool_id}/nodes/{node_id}/retire",
  summary: "Take a node out of the fleet",
  description:
    "Bookings on it that have not begun move to other GPUs of the pool. When one cannot, nothing changes, and the answer says which.",
  tag,
  auth: "admin",
  params: nodeParams,
  body: retireNodeBody,
  status: 200,
  response: movedSchema.extend({ pool: poolDetailSchema }).meta({ id: "RetiredNode" }),
  dryRunResponse: movedSchema.extend({ dry_run: z.literal(true) }).meta({ id: "RetireNodePreview" }),
  errors: ["conflict", "capacity_unavailable"],
});

export type NodeUnits = z.infer<typeof nodeUnitsSchema>;
export type UnitHolding = z.infer<typeof holdingSchema>;
export type Moved = z.infer<typeof movedSchema>;
