import { z } from "zod";
import { isStorable, listOf, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

/** Faults that the simulated provider can be told to have, at most so many at once. */
export const FAULT_LIMITS = { faults: 100 } as const;

export const FAULT_KINDS = [
  "node_down",
  "start_fails",
  "start_slow",
  "stop_slow",
  "snapshot_fails",
  "unreachable",
] as const;
export const faultKindSchema = z.enum(FAULT_KINDS).meta({
  description:
    "node_down: the machines of the node fail, and none starts there until it is removed. start_fails: a machine fails while it loads. start_slow, stop_slow: it takes ten times as long. snapshot_fails: a snapshot fails. unreachable: the provider does not answer.",
});

export const faultSchema = z
  .object({
    id: z.string(),
    kind: faultKindSchema,
    node: z.string().nullable().meta({ description: "The node that it happens on; null: any." }),
    remaining: z.int().nullable().meta({ description: "How often it still happens; null: until it is removed." }),
    created_by: z.object({ id: z.string(), name: z.string() }),
    created_at: timestamp,
  })
  .meta({ id: "SimulatedFault" });

export const createFaultBody = z
  .strictObject({
    kind: faultKindSchema,
    node: z
      .string()
      .min(1)
      .max(100)
      .refine(isStorable, "Leave out what cannot be stored")
      .nullable()
      .default(null)
      .meta({ description: "Name of a node; null: any." }),
    remaining: z
      .int()
      .min(1)
      .max(1000)
      .nullable()
      .default(null)
      .meta({ description: "How often it happens; null: until it is removed." }),
  })
  .refine(({ kind, node }) => kind !== "node_down" || node !== null, {
    message: "Say which node is down",
    path: ["node"],
  })
  .refine(({ kind, remaining }) => kind !== "node_down" || remaining === null, {
    message: "A node is down until the fault is removed: leave it out",
    path: ["remaining"],
  });

const tag = "Admin";

export const listFaults = defineOperation({
  id: "listFaults",
  method: "GET",
  path: "/admin/compute/faults",
  summary: "Faults of the simulated provider",
  tag,
  auth: "admin",
  status: 200,
  response: listOf(faultSchema),
});

export const createFault = defineOperation({
  id: "createFault",
  method: "POST",
  path: "/admin/compute/faults",
  summary: "Let the simulated provider fail",
  description: "Machines of other providers are not touched.",
  tag,
  auth: "admin",
  body: createFaultBody,
  status: 201,
  response: faultSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const removeFault = defineOperation({
  id: "removeFault",
  method: "DELETE",
  path: "/admin/compute/faults/{fault_id}",
  summary: "Remove a fault",
  description: "What it did stays done; machines that failed do not come back.",
  tag,
  auth: "admin",
  params: z.object({ fault_id: z.string() }),
  status: 204,
});

export type FaultKind = (typeof FAULT_KINDS)[number];
export type SimulatedFault = z.infer<typeof faultSchema>;
