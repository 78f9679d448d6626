import { z } from "zod";

/**
 * The answer of GET /api/health, which lies outside the versioned API: process managers and load balancers ask it
 * without a key. 200 only when every part is "ok", 503 with the same shape otherwise.
 */
export const healthSchema = z.object({
  status: z.enum(["ok", "degraded"]),
  database: z.enum(["ok", "down"]),
  migrations: z.enum(["ok", "pending", "unknown"]),
  worker: z.enum(["ok", "none", "unknown"]),
});

export type Health = z.infer<typeof healthSchema>;
