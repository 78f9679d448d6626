import type { Actor } from "@/lib/accounts/actor";
import { stopInstance } from "@/lib/compute/service";
import { createSnapshot } from "@/lib/compute/snapshots";
import { live, makeFault, onlyInstance, seconds } from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import type { Proofs } from "@/lib/proof/proof";
import { bookHours, hour } from "@/lib/reservations/testing";

/** What raises the events of instances and snapshots, on simulated machines that live by the test's own clock. */
export const MACHINE_PROOFS: Proofs<"instance" | "snapshot"> = {
  "instance.started": {
    operation: "a booking starts and its machine has booted, or an instance that was stopped is started again",
    raise: async ({ actor }) => {
      const { id, reservationId } = await boot(actor);
      return { instance_id: id, reservation_id: reservationId, gpu_count: 8 };
    },
  },
  "instance.stopped": {
    operation: "an instance is stopped by hand or with the end of its booking, and the machine is gone",
    raise: async ({ actor }) => {
      const { id } = await boot(actor);
      await stopInstance(actor, id, hour(1));
      await live(hour(1), seconds(10, hour(1)));
      return { instance_id: id, reason: "requested" };
    },
  },
  "instance.failed": {
    operation: "the machine of an instance is lost, or cannot be started after several tries",
    raise: async ({ actor }) => {
      const { id, nodeId } = await boot(actor);
      const { name } = await db.node.findUniqueOrThrow({ where: { id: nodeId } });
      await makeFault("node_down", null, name);
      await live(hour(1), seconds(20, hour(1)));
      return { instance_id: id, node: name };
    },
  },
  "snapshot.completed": {
    operation: "a snapshot that was asked for, or is taken before the end of a booking, is stored",
    raise: async ({ actor }) => {
      const instance = await boot(actor);
      const { id } = await createSnapshot(actor, instance.id, { name: "Before the change" }, hour(1));
      await live(hour(1), seconds(20, hour(1)));
      return { snapshot_id: id, instance_id: instance.id };
    },
  },
};

/** Books eight GPUs for ten hours from T0 on, and lets their machine boot. */
async function boot(actor: Actor) {
  const pool = await createTestPool();
  const { id } = await bookHours(actor, pool.id, [0, 10], { gpu_count: 8 });
  await live(hour(0), seconds(25, hour(0)));
  return onlyInstance(id);
}
