import { z } from "zod";
import { listOf, projectParams, timestamp } from "@/lib/contracts/common";
import { MAX_MICROS, micros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";
import { reservationStatusSchema } from "@/lib/contracts/reservations";

export const COST_LIMITS = {
  /** Days between from and to. */
  days: 366,
  /** Reservations, and instances, that are listed; what the others cost is one sum. */
  listed: 200,
  thresholds: 20,
} as const;

export const COST_PERIODS = ["day", "week", "month"] as const;
export type CostPeriod = (typeof COST_PERIODS)[number];
const periodSchema = z.enum(COST_PERIODS).meta({ description: "UTC; a week begins on Monday." });

const spent = {
  captured_micros: micros.meta({ description: "Booked in the ledger as used." }),
  fees_micros: micros.meta({ description: "Booked as kept of what was given back." }),
  running_micros: micros.meta({ description: "Used up to now and not booked yet, which happens every ten minutes." }),
  cost_micros: micros.meta({ description: "The sum of the three." }),
};

export const costsSchema = z
  .object({
    from: timestamp,
    to: timestamp,
    ...spent,
    rate_micros_per_hour: micros.meta({ description: "What the reservations that run at this moment cost an hour." }),
    days: z
      .array(z.object({ day: z.iso.date(), cost_micros: micros }))
      .meta({ description: "Each day, UTC, by when it was booked." }),
    reservations: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          status: reservationStatusSchema,
          ...spent,
          rate_micros_per_hour: micros,
        }),
      )
      .meta({ description: `The ${COST_LIMITS.listed} that cost most.` }),
    others_micros: micros.meta({ description: "What the reservations cost that are not listed." }),
    instances: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          status: z.string(),
          reservation_id: z.string(),
          gpu_count: z.int(),
          ran_seconds: z.int().meta({ description: "Over its whole life." }),
          rate_micros_per_hour: micros.meta({ description: "Its share of the price of its reservation." }),
          cost_micros: micros.meta({ description: "The two multiplied: what of its reservation's cost it ran for." }),
        }),
      )
      .meta({ description: `Those of the listed reservations, newest first, at most ${COST_LIMITS.listed}.` }),
  })
  .meta({ id: "Costs" });

export const costThresholdSchema = z
  .object({
    id: z.string(),
    amount_micros: micros,
    period: periodSchema,
    period_start: timestamp.meta({ description: "Of the period now." }),
    period_end: timestamp,
    cost_micros: micros.meta({ description: "What the period has cost so far." }),
    crossed_at: timestamp.nullable().meta({ description: "When it was crossed in this period, and reported." }),
    created_at: timestamp,
  })
  .meta({ id: "CostThreshold" });

export const createCostThresholdBody = z.strictObject({
  amount_micros: z.int().min(1).max(MAX_MICROS).meta({ description: "Micro-credits: 1,000,000 are one credit." }),
  period: periodSchema.default("month"),
});

const tag = "Costs";

export const getCosts = defineOperation({
  id: "getCosts",
  method: "GET",
  path: "/projects/{project_id}/costs",
  summary: "What the project, its reservations and its instances cost",
  description:
    "From the ledger, with what is used up and not booked yet. Without from and to: this month, UTC. What was refunded was never a cost; SLA credits are grants and do not lower it.",
  tag,
  auth: "project",
  params: projectParams,
  query: z.object({ from: timestamp.optional(), to: timestamp.optional() }),
  status: 200,
  response: costsSchema,
});

export const listCostThresholds = defineOperation({
  id: "listCostThresholds",
  method: "GET",
  path: "/projects/{project_id}/cost-thresholds",
  summary: "Thresholds of cost, the lowest first",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(costThresholdSchema),
});

export const createCostThreshold = defineOperation({
  id: "createCostThreshold",
  method: "POST",
  path: "/projects/{project_id}/cost-thresholds",
  summary: "Be told when a period costs more",
  description:
    "Emits `cost.threshold` once per period, as soon as its cost reaches the amount; at once if it has already.",
  tag,
  auth: "project",
  params: projectParams,
  body: createCostThresholdBody,
  status: 201,
  response: costThresholdSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const deleteCostThreshold = defineOperation({
  id: "deleteCostThreshold",
  method: "DELETE",
  path: "/projects/{project_id}/cost-thresholds/{threshold_id}",
  summary: "Delete a threshold",
  tag,
  auth: "project",
  params: projectParams.extend({ threshold_id: z.string() }),
  status: 204,
});

export type Costs = z.infer<typeof costsSchema>;
export type CostThreshold = z.infer<typeof costThresholdSchema>;
