import { z } from "zod";
import { timestamp } from "@/lib/contracts/common";
import { bps, micros } from "@/lib/contracts/money";

/** GPUs from a time to another; a reservation is one or more of these, in order and without overlap. */
export const segmentSchema = z
  .object({ starts_at: timestamp, ends_at: timestamp, gpu_count: z.int().min(1) })
  .meta({ id: "ReservationSegment" });

/** The price of a reservation and how it came about. The lines add up to the whole, to the micro-credit. */
export const priceSchema = z
  .object({
    rate_micros_per_gpu_hour: micros,
    gpu_minutes: z.int().min(0),
    list_micros: micros.meta({ description: "Before the discount." }),
    discount_bps: bps,
    discount_micros: micros,
    total_micros: micros,
    lines: z.array(
      segmentSchema.omit({}).extend({
        gpu_minutes: z.int().min(0),
        list_micros: micros,
        discount_micros: micros,
        total_micros: micros,
      }),
    ),
    discount: z
      .object({
        duration_hours: z.int().meta({ description: "Full hours from start to end." }),
        duration_bps: bps,
        lead_hours: z.int().meta({ description: "Full hours from booking to start." }),
        lead_bps: bps,
        kept_bps: bps
          .nullable()
          .meta({ description: "A better rate that an earlier state had and a change may not worsen." }),
      })
      .meta({ description: "Why this discount." }),
  })
  .meta({ id: "Price" });

export type Segment = z.infer<typeof segmentSchema>;
export type Price = z.infer<typeof priceSchema>;
