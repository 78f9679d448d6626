import { LABEL_PREFIX } from "@/lib/compute/provider";
import { providerNameOf } from "@/lib/compute/providers";
import { writeLogs } from "@/lib/compute/rows";
import { whatToBoot } from "@/lib/compute/what-to-boot";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import type { Instance as InstanceRow, Prisma, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announceInstances } from "@/lib/live/channel";
import { storedPrice } from "@/lib/reservations/view";

/** What a new instance boots and belongs to, where that is not what its reservation says. */
export type BootOptions = {
  config?: string | null;
  environment?: string | null;
  correlationId?: string;
  by?: string;
};

type Place = { unit_id: string; node_id: string; node_name: string; pool_id: string };

/**
 * Makes the instances that an active reservation lacks: one per node, of those of its GPUs that no other instance of it is
 * for. They start as soon as nobody else has the GPUs.
 * @param row locked
 * @returns those that were made
 */
export async function placeInstances(
  tx: Tx,
  row: ReservationRow,
  now: Date,
  options: BootOptions = {},
): Promise<InstanceRow[]> {
  if (row.status !== "active" || row.endsAt <= now) return [];
  const places = await uncovered(tx, row.id, now);
  const made: InstanceRow[] = [];
  for (const place of byNode(places)) made.push(await makeInstance(tx, row, place, now, options));
  const ids = made.map(({ id }) => id);
  if (ids.length > 0) afterCommit(tx, () => announceInstances(row.projectId, ids));
  return made;
}

/** Its GPUs at the moment that no instance of it is for. */
function uncovered(tx: Tx, reservationId: string, now: Date): Promise<Place[]> {
  return tx.$queryRaw<Place[]>`
    SELECT DISTINCT u.id AS unit_id, u.lane, n.id AS node_id, n.name AS node_name, n.pool_id
      FROM allocation a JOIN unit u ON u.id = a.unit_id JOIN node n ON n.id = u.node_id
     WHERE a.reservation_id = ${reservationId} AND a.kind = 'booking' AND a.starts_at <= ${now} AND a.ends_at > ${now}
       AND NOT EXISTS (SELECT 1 FROM instance_unit iu JOIN instance i ON i.id = iu.instance_id
                        WHERE iu.unit_id = u.id AND i.reservation_id = ${reservationId} AND i.ended_at IS NULL)
     ORDER BY n.name, n.id, u.lane`;
}

type OnNode = { nodeId: string; poolId: string; unitIds: string[] };

function byNode(places: readonly Place[]): OnNode[] {
  const nodes = new Map<string, OnNode>();
  for (const { unit_id, node_id, pool_id } of places) {
    const node = nodes.get(node_id) ?? { nodeId: node_id, poolId: pool_id, unitIds: [] };
    node.unitIds.push(unit_id);
    nodes.set(node_id, node);
  }
  return [...nodes.values()];
}

async function makeInstance(
  tx: Tx,
  row: ReservationRow,
  { nodeId, poolId, unitIds }: OnNode,
  now: Date,
  options: BootOptions,
): Promise<InstanceRow> {
  const pool = await tx.pool.findUniqueOrThrow({ where: { id: poolId }, include: { gpuType: true } });
  const config = options.config === undefined ? row.config : options.config;
  const environment = options.environment === undefined ? row.environment : options.environment;
  const boots = await whatToBoot(tx, row.projectId, { config, environment, gpuType: pool.gpuType.name });
  const slot = await freeSlot(tx, row.id);
  const id = newId("instance");
  const made = await tx.instance.create({
    data: {
      id,
      label: await labelOf(tx, id),
      projectId: row.projectId,
      reservationId: row.id,
      poolId,
      nodeId,
      slot,
      name: `${row.title || "Instance"} ${slot + 1}`,
      gpuCount: unitIds.length,
      provider: providerNameOf(pool),
      template: boots.template as Prisma.InputJsonObject,
      config,
      environment,
      configVersionId: boots.versionId,
      application: boots.application,
      priceMicrosPerHour: pricePerHour(row, unitIds.length),
      correlationId: options.correlationId ?? row.correlationId,
      createdBy: options.by ?? "system",
      dueAt: now,
      createdAt: now,
      updatedAt: now,
      units: { create: unitIds.map((unitId) => ({ unitId, takenAt: now, releasedAt: now })) },
    },
  });
  const from = config === null ? "" : ` from the configuration "${config}"`;
  const message = `Made for ${unitIds.length} GPU${unitIds.length === 1 ? "" : "s"}, to boot ${boots.template.image}${boots.warning === null ? from : ""}.`;
  const warning = boots.warning === null ? [] : [{ level: "warning" as const, message: boots.warning }];
  await writeLogs(tx, made, [{ level: "info", message, details: { status: made.status } }, ...warning], now);
  return made;
}

/** The lowest number that no instance of the reservation has at the moment. */
async function freeSlot(tx: Tx, reservationId: string): Promise<number> {
  const taken = await tx.instance.findMany({ where: { reservationId, endedAt: null }, select: { slot: true } });
  const slots = new Set(taken.map(({ slot }) => slot));
  for (let slot = 0; ; slot += 1) if (!slots.has(slot)) return slot;
}

/** What so many GPUs cost per hour at the price of the booking, in micro-credits. */
function pricePerHour(row: ReservationRow, gpus: number): bigint {
  const { rate_micros_per_gpu_hour, discount_bps } = storedPrice(row.price);
  return (BigInt(rate_micros_per_gpu_hour) * BigInt(gpus) * BigInt(10_000 - discount_bps)) / 10_000n;
}

/** What the machine of an instance is called: it names this installation too. */
async function labelOf(tx: Tx, instanceId: string): Promise<string> {
  return `${await labelPrefix(tx)}${instanceId}`;
}

/** What all labels of this installation begin with. */
export async function labelPrefix(tx: Pick<Tx, "installation">): Promise<string> {
  const { id } = await tx.installation.findFirstOrThrow();
  return `${LABEL_PREFIX}${id}:`;
}
