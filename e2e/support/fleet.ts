import { randomUUID } from "node:crypto";
import type { APIRequestContext } from "@playwright/test";
import { changePlan } from "@/lib/contracts/admin-projects";
import { createGrant } from "@/lib/contracts/credits";
import type { Pool } from "@/lib/contracts/fleet";
import { createGpuType, createPool } from "@/lib/contracts/fleet-admin";
import type { BodyInput } from "@/lib/contracts/operation";
import { createReservation } from "@/lib/contracts/reservations";
import { call } from "./api";
import type { Project } from "./project";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A pool of a test's own, with a GPU type of its own: two nodes of eight, booked by the hour at 2 credits. */
export async function newPool(
  owner: APIRequestContext,
  changes: Partial<BodyInput<typeof createPool>> = {},
): Promise<Pool> {
  const mark = randomUUID().slice(0, 6);
  const type = await call(owner, createGpuType, { body: { name: `H100 ${mark}`, memory_gb: 80 } });
  return call(owner, createPool, {
    body: {
      name: `Frankfurt ${mark}`,
      gpu_type_id: type.id,
      region: "eu-central",
      provider: "simulated",
      price_micros_per_gpu_hour: 2_000_000,
      nodes: { name: `fra-${mark}-{nn}`, count: 2, lanes: 8 },
      ...changes,
    },
  });
}

/** Puts the project on the premium plan and gives it so many credits. */
export async function makePremium(owner: APIRequestContext, { id }: Project, credits = 100_000): Promise<void> {
  const params = { project_id: id };
  await call(owner, changePlan, { params, body: { plan: "premium" } });
  await call(owner, createGrant, { params, body: { source: "manual", amount_micros: credits * 1_000_000 } });
}

export type BookingInput = {
  pool: Pick<Pool, "id">;
  /** Unix ms. */
  from: number;
  hours: number;
  gpus?: number;
  title?: string;
  config?: string;
  environment?: string;
};

/** Books for whoever the client is. */
export function bookGpus(
  client: APIRequestContext,
  { id }: Project,
  { pool, from, hours, gpus = 8, title = "", ...boots }: BookingInput,
) {
  return call(client, createReservation, {
    params: { project_id: id },
    body: {
      pool_id: pool.id,
      gpu_count: gpus,
      starts_at: new Date(from).toISOString(),
      ends_at: new Date(from + hours * HOUR_MS).toISOString(),
      title,
      ...boots,
    },
  });
}

/** Books from the minute that has just begun, or is about to, in a pool whose bookings begin at any minute. */
export function bookFromNow(client: APIRequestContext, project: Project, input: Omit<BookingInput, "from">) {
  // A start may be a minute ago; some of it is left for the call.
  const from = Math.floor((Date.now() + 10_000) / MINUTE_MS) * MINUTE_MS;
  return bookGpus(client, project, { ...input, from });
}
