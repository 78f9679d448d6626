import type { z } from "zod";
import type { Pool } from "@/lib/contracts/fleet";
import type { updatePool } from "@/lib/contracts/fleet-admin";
import { addNodesBody, checkProvider, checkRules, createPoolBody, updatePoolBody } from "@/lib/contracts/fleet-admin";
import type { BodyInput } from "@/lib/contracts/operation";

/** What the form of a pool holds: the operation's body, with the first nodes as a choice of their own. */
const shape = createPoolBody.omit({ nodes: true }).required();

/** The rules that fields keep together are told beside the field that has to change. */
function checked<
  S extends z.ZodType<
    Parameters<typeof checkRules>[0] & Parameters<typeof checkProvider>[0] & { reserve_units: number }
  >,
>(schema: S) {
  return schema.superRefine((values, context) => {
    for (const { field, message } of [...checkRules(values), ...checkProvider(values)]) {
      context.addIssue({ code: "custom", path: [field], message });
    }
  });
}

export const newPoolSchema = checked(shape.extend({ nodes: addNodesBody })).refine(
  ({ reserve_units, nodes }) => reserve_units <= nodes.count * nodes.lanes,
  { message: "More than the pool would have", path: ["reserve_units"] },
);

/** @param unitCount GPUs that the pool has */
export function changedPoolSchema(unitCount: number) {
  return checked(shape.omit({ gpu_type_id: true })).refine(({ reserve_units }) => reserve_units <= unitCount, {
    message: `The pool has ${unitCount === 1 ? "1 GPU" : `${unitCount} GPUs`}`,
    path: ["reserve_units"],
  });
}

export type NewPoolValues = z.input<typeof newPoolSchema>;
export type ChangedPoolValues = z.input<ReturnType<typeof changedPoolSchema>>;

export const NEW_POOL: NewPoolValues = {
  name: "",
  gpu_type_id: "",
  region: "",
  provider: "",
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
  price_micros_per_gpu_hour: Number.NaN,
  open: true,
  nodes: { name: "node-{nn}", count: 1, lanes: 8 },
};

export function poolValues(pool: Pool): ChangedPoolValues {
  return changeable.parse(pool);
}

const changeable = updatePoolBody.omit({ version: true }).required().strip();

/** Only what differs, so that a change says what it is about. */
export function poolChanges(pool: Pool, values: ChangedPoolValues): Omit<BodyInput<typeof updatePool>, "version"> {
  const before = new Map<string, unknown>(Object.entries(poolValues(pool)));
  return Object.fromEntries(Object.entries(values).filter(([field, value]) => before.get(field) !== value));
}
