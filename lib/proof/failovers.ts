import type { Actor } from "@/lib/accounts/actor";
import { makeFault, onlyInstance, seconds } from "@/lib/compute/testing";
import { db } from "@/lib/db/client";
import { pass } from "@/lib/failover/testing";
import { createTestPool } from "@/lib/fleet/testing";
import type { Proof } from "@/lib/proof/proof";
import { bookHours, hour } from "@/lib/reservations/testing";

/** What raises the events of failovers, on simulated machines of which one goes down. */
export const FAILOVER_PROOFS: readonly Proof[] = [
  {
    type: "failover.triggered",
    operation: "GPUs fail under a booking that goes on on others",
    raise: async ({ actor }) => {
      const { reservationId, instanceId, node } = await lose(actor, 2);
      return { reservation_id: reservationId, instance_id: instanceId, from_node: node, way: "spare", drill: false };
    },
  },
  {
    type: "failover.triggered",
    operation: "GPUs fail under a booking and there are no others",
    raise: async ({ actor }) => {
      const { reservationId, instanceId, node } = await lose(actor, 1);
      return { reservation_id: reservationId, instance_id: instanceId, from_node: node, way: "none", to_node: null };
    },
  },
  {
    type: "reservation.cancelled",
    operation: "GPUs fail under a booking and there are no others",
    raise: async ({ actor }) => {
      const { reservationId } = await lose(actor, 1);
      return { reservation_id: reservationId, cause: "failed", status: "cancelled" };
    },
  },
];

/** Lets the node of a booking of eight GPUs go down, in a pool of so many nodes, and a minute pass. */
async function lose(actor: Actor, nodes: number) {
  // What ran may go on in any pool that is open.
  await db.pool.updateMany({ data: { open: false } });
  const pool = await createTestPool({ nodes, lanes: 8 });
  const { id: reservationId } = await bookHours(actor, pool.id, [0, 10], { gpu_count: 8 });
  await pass(hour(0), seconds(25, hour(0)));
  const instance = await onlyInstance(reservationId);
  const { name: node } = await db.node.findUniqueOrThrow({ where: { id: instance.nodeId } });
  await makeFault("node_down", null, node);
  await pass(hour(1), seconds(60, hour(1)));
  return { reservationId, instanceId: instance.id, node };
}
