import type { Actor } from "@/lib/accounts/actor";
import { stopInstance } from "@/lib/compute/service";
import { createSnapshot } from "@/lib/compute/snapshots";
import { live, makeFault, onlyInstance, seconds } from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import type { Proof } from "@/lib/proof/proof";
import { bookHours, hour } from "@/lib/reservations/testing";

/** What raises the events of instances and snapshots, on simulated machines that live by the test's own clock. */
export const MACHINE_PROOFS: readonly Proof[] = [
  {
    type: "instance.started",
    operation: "a booking begins and its machine has booted",
    raise: async ({ actor }) => {
      const { id, reservationId } = await boot(actor);
      return { instance_id: id, reservation_id: reservationId, gpu_count: 8 };
    },
  },
  {
    type: "instance.stopped",
    operation: "an instance is stopped by hand",
    raise: async ({ actor }) => {
      const { id } = await boot(actor);
      await stopInstance(actor, id, hour(1));
      await live(hour(1), seconds(10, hour(1)));
      return { instance_id: id, reason: "requested" };
    },
  },
  {
    type: "instance.stopped",
    operation: "the booking of an instance ends",
    raise: async ({ actor }) => {
      const { id } = await boot(actor);
      await live(hour(10), seconds(10, hour(10)));
      return { instance_id: id, reason: "reservation_ended" };
    },
  },
  {
    type: "instance.failed",
    operation: "the node of an instance goes down",
    raise: async ({ actor }) => {
      const { id, nodeId } = await boot(actor);
      const { name } = await db.node.findUniqueOrThrow({ where: { id: nodeId } });
      await makeFault("node_down", null, name);
      await live(hour(1), seconds(20, hour(1)));
      return { instance_id: id, node: name };
    },
  },
  {
    type: "instance.failed",
    operation: "an instance cannot be started, after several tries",
    raise: async ({ actor }) => {
      await makeFault("start_fails");
      await boot(actor);
      await live(seconds(30, hour(0)), seconds(300, hour(0)));
      const { id } = await db.instance.findFirstOrThrow({ where: { projectId: actor.projectId } });
      return { instance_id: id, ran_seconds: 0 };
    },
  },
  {
    type: "snapshot.completed",
    operation: "a snapshot that somebody asked for is stored",
    raise: async ({ actor }) => {
      const instance = await boot(actor);
      const { id } = await createSnapshot(actor, instance.id, { name: "Before the change" }, hour(1));
      await live(hour(1), seconds(20, hour(1)));
      return { snapshot_id: id, instance_id: instance.id };
    },
  },
  {
    type: "snapshot.completed",
    operation: "a snapshot before the end of a booking is stored",
    raise: async ({ actor }) => {
      const { id } = await boot(actor, { snapshot_at_end: true });
      await live(seconds(-600, hour(10)), seconds(-560, hour(10)));
      return { instance_id: id, trigger: "before_end" };
    },
  },
];

/** Books eight GPUs for ten hours from T0 on, and lets their machine boot. */
async function boot(actor: Actor, body: Parameters<typeof bookHours>[3] = {}) {
  const pool = await createTestPool();
  const { id } = await bookHours(actor, pool.id, [0, 10], { gpu_count: 8, ...body });
  await live(hour(0), seconds(25, hour(0)));
  return onlyInstance(id);
}
