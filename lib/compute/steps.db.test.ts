import { beforeEach, expect, it } from "vitest";
import { getInstance } from "@/lib/compute/queries";
import { startInstance, stopInstance } from "@/lib/compute/service";
import { at, clearCompute, onlyInstance, seconds } from "@/lib/compute/testing";
import { createTestPool } from "@/lib/fleet/testing";
import { bookHours, createCustomer, hour } from "@/lib/reservations/testing";

beforeEach(clearCompute);

/** Long enough for any boot and any stop. */
async function aWhile(from: Date): Promise<Date> {
  let now = from;
  for (let step = 0; step < 12; step += 1) {
    await at(now);
    now = seconds(5, now);
  }
  return now;
}

it("an instance tells what it became and when, a stop before it had booted as well", async () => {
  const actor = await createCustomer();
  const pool = await createTestPool();
  const { id } = await bookHours(actor, pool.id, [0, 6], { gpu_count: 8 });
  let now = await aWhile(hour(0));
  const instance = await onlyInstance(id);
  await stopInstance(actor, instance.id, now);
  now = await aWhile(now);
  await startInstance(actor, instance.id, now);
  await at(now);
  await stopInstance(actor, instance.id, seconds(1, now));
  await aWhile(seconds(1, now));
  const { life, status } = await getInstance(actor, instance.id);
  expect(life.map((step) => step.status)).toEqual([
    ...["requested", "starting", "running", "stopping", "stopped"],
    ...["requested", "starting", "stopping", "stopped"],
  ]);
  expect(status).toBe("stopped");
  const times = life.map((step) => Date.parse(step.at));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(life[0]?.at).toBe(hour(0).toISOString());
});
