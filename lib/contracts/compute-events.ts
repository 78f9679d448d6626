import { z } from "zod";
import { micros } from "@/lib/contracts/money";

/** The part of the catalogue of event types that tells of instances, their snapshots and failovers. */

const id = (what: string) => z.string().meta({ description: `Id of the ${what}.` });
const gpus = { gpu_type: z.string(), gpu_count: z.number().int().min(1) };

const instance = z.object({
  instance_id: id("instance"),
  reservation_id: id("reservation").optional(),
  ...gpus,
  node: z.string().optional(),
});

export const COMPUTE_EVENTS = {
  "instance.started": {
    description: "An instance is running and can be reached.",
    data: instance,
    example: { instance_id: "ins_01k6q3t7f8g9h0j1k2m3n4p5qr", gpu_type: "H100-SXM", gpu_count: 8, node: "fra-h100-03" },
  },
  "instance.stopped": {
    description: "An instance has stopped; its GPUs are free again.",
    data: instance.extend({
      reason: z.enum(["requested", "reservation_ended", "failed"]),
      ran_seconds: z.number().int(),
    }),
    example: {
      instance_id: "ins_01k6q3t7f8g9h0j1k2m3n4p5qr",
      gpu_type: "H100-SXM",
      gpu_count: 8,
      node: "fra-h100-03",
      reason: "requested",
      ran_seconds: 86_412,
    },
  },
  "instance.failed": {
    description: "An instance failed while it ran, or could not be started.",
    data: instance.extend({
      failure: z.string().meta({ description: "Why, in words." }),
      ran_seconds: z.number().int(),
    }),
    example: {
      instance_id: "ins_01k6q3t7f8g9h0j1k2m3n4p5qr",
      gpu_type: "H100-SXM",
      gpu_count: 8,
      node: "fra-h100-03",
      failure: "The node is down.",
      ran_seconds: 5_231,
    },
  },
  "snapshot.completed": {
    description: "A snapshot of an instance's disk is stored and can be restored.",
    data: z.object({
      snapshot_id: id("snapshot"),
      instance_id: id("instance"),
      reservation_id: id("reservation").optional(),
      name: z.string().optional(),
      trigger: z
        .string()
        .optional()
        .meta({ description: "manual, or before_end: taken because its reservation ended." }),
      size_bytes: z.number().int(),
    }),
    example: {
      snapshot_id: "snp_01k6q3z4v5w6x7y8z9a0b1c2de",
      instance_id: "ins_01k6q3t7f8g9h0j1k2m3n4p5qr",
      reservation_id: "rsv_01k6q3v9y2e8pb5m7d4tzwx0ha",
      name: "After the first epoch",
      trigger: "manual",
      size_bytes: 48_318_382_080,
    },
  },
  "failover.triggered": {
    description: "A GPU failed under a booking that had begun: what ran there runs elsewhere again, or found no place.",
    data: z.object({
      failover_id: id("failover"),
      reservation_id: id("reservation"),
      instance_id: id("instance that failed").nullable(),
      replacement_id: id("instance that goes on in its place").nullable(),
      from_node: z.string(),
      to_node: z.string().nullable().meta({ description: "null: there was no room for it anywhere." }),
      cause: z.string(),
      way: z.enum(["spare", "repack", "substitute", "none"]),
      gap_seconds: z.number().int().meta({ description: "From when it was last known to run until it ran again." }),
      sla_micros: micros.meta({ description: "Micro-credits that were credited for the gap." }),
      drill: z.boolean().meta({ description: "Whether the failure was made on purpose." }),
      alternatives: z
        .array(z.record(z.string(), z.json()))
        .meta({ description: "Only with way none: what can be booked." }),
    }),
    example: {
      failover_id: "fov_01k6q3t7f8g9h0j1k2m3n4p5qr",
      reservation_id: "rsv_01k6q3t7f8g9h0j1k2m3n4p5qr",
      instance_id: "ins_01k6q3t7f8g9h0j1k2m3n4p5qr",
      replacement_id: "ins_01k6q3v7f8g9h0j1k2m3n4p5qr",
      from_node: "fra-h100-03",
      to_node: "fra-h100-07",
      cause: "gpu_lost",
      way: "spare",
      gap_seconds: 94,
      sla_micros: 1_280_000,
      drill: false,
      alternatives: [],
    },
  },
};
