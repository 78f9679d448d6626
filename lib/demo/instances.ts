import { labelPrefix } from "@/lib/compute/place";
import { addressOf, checksumsOf, externalIdOf, loadingMs, sizeOf, stoppingMs } from "@/lib/compute/simulated/traits";
import { DEFAULT_LAUNCH_TEMPLATE, type LaunchTemplate, launchTemplateSchema } from "@/lib/contracts/launch-template";
import type { Tx } from "@/lib/db/transaction";
import type { DemoReservation } from "@/lib/demo/reservation-rows";
import type { DemoBooking } from "@/lib/demo/timetable";
import type { Prisma } from "@/lib/generated/prisma/client";
import { newIdAt } from "@/lib/ids";

const DAY_MS = 24 * 3600 * 1000;
const HOUR_MS = 3600 * 1000;
/** So long after a start everything that was asked for runs. */
const UP_MS = 30_000;
/** Instances that have stopped are shown of the last days. */
const PAST_DAYS = 7;

type DemoInstance = {
  row: Prisma.InstanceCreateManyInput & { id: string; label: string; projectId: string };
  unitIds: string[];
  nodeName: string;
  template: LaunchTemplate;
  startedAt: Date;
  /** When it let go of its GPUs; null: it runs. */
  stoppedAt: Date | null;
};

/**
 * The instances of bookings that are active or were lately, with their logs and simulated machines: as the life of
 * instances would have left them. One of the project's was stopped by hand.
 */
export async function seedInstances(
  tx: Tx,
  projectId: string,
  booked: readonly { booking: DemoBooking; reservation: DemoReservation }[],
  now: Date,
): Promise<void> {
  const prefix = await labelPrefix(tx);
  const units = await tx.unit.findMany({ include: { node: true } });
  const nodeOf = new Map(units.map(({ id, node }) => [id, node]));
  const bootedAt = await templates(tx, projectId);
  const made: DemoInstance[] = [];
  for (const { booking, reservation } of booked) {
    const { status, endsAt } = reservation.row;
    const runs = status === "active" && now.getTime() - booking.startsAt.getTime() > UP_MS;
    const ran = status === "completed" && now.getTime() - endsAt.getTime() < PAST_DAYS * DAY_MS;
    if (!runs && !(ran && booking.project.projectId === projectId)) continue;
    for (const [slot, unitIds] of byNode(booking, nodeOf).entries()) {
      const node = nodeOf.get(unitIds[0] ?? "");
      const boots = bootedAt(reservation.row, booking.startsAt);
      if (node) made.push(demoInstance({ booking, reservation, slot, unitIds, node, prefix, boots }));
    }
  }
  const own = made.filter(({ row, stoppedAt }) => row.projectId === projectId && stoppedAt === null);
  const byHand = own.find(({ startedAt }) => now.getTime() - startedAt.getTime() > 2 * HOUR_MS && own.length > 1);
  if (byHand) stopByHand(byHand);
  await tx.instance.createMany({ data: made.map(({ row }) => row) });
  await tx.instanceUnit.createMany({
    data: made.flatMap(({ row, unitIds, startedAt, stoppedAt }) =>
      unitIds.map((unitId) => ({ instanceId: row.id, unitId, takenAt: startedAt, releasedAt: stoppedAt })),
    ),
  });
  await tx.instanceLog.createMany({ data: made.flatMap(logsOf) });
  await tx.simulatedMachine.createMany({
    data: made
      .filter(({ stoppedAt }) => stoppedAt === null)
      .map(({ row, nodeName, template, startedAt }) => ({
        label: row.label,
        externalId: externalIdOf(row.label),
        nodeName,
        gpuCount: row.gpuCount,
        template: template as Prisma.InputJsonObject,
        state: "running",
        createdAt: startedAt,
      })),
  });
  const kept = own.find((instance) => instance !== byHand);
  if (kept) await tx.snapshot.create({ data: demoSnapshot(kept, now) });
}

type Boots = { template: LaunchTemplate; versionId: string | null; application: string | null };

/** What was deployed for a booking of the project at a time. */
async function templates(tx: Tx, projectId: string) {
  const deployments = await tx.deployment.findMany({
    where: { projectId },
    include: { version: true, environment: true, config: { include: { application: true } } },
    orderBy: { number: "desc" },
  });
  return ({ config, environment }: DemoReservation["row"], at: Date): Boots => {
    const found = deployments.find(
      (one) => one.config.name === config && one.environment.name === environment && one.createdAt <= at,
    );
    return {
      template: found ? launchTemplateSchema.parse(found.version.content) : DEFAULT_LAUNCH_TEMPLATE,
      versionId: found?.versionId ?? null,
      application: found?.config.application.name ?? null,
    };
  };
}

/** The GPUs of a booking, node by node. */
function byNode({ allocations }: DemoBooking, nodeOf: ReadonlyMap<string, { id: string; name: string }>): string[][] {
  const nodes = new Map<string, { name: string; unitIds: string[] }>();
  for (const { unitId } of allocations) {
    const node = nodeOf.get(unitId);
    if (!node) continue;
    const found = nodes.get(node.id) ?? { name: node.name, unitIds: [] };
    found.unitIds.push(unitId);
    nodes.set(node.id, found);
  }
  return [...nodes.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ unitIds }) => [...new Set(unitIds)]);
}

function demoInstance({
  booking,
  reservation: { row, price },
  slot,
  unitIds,
  node,
  prefix,
  boots,
}: {
  booking: DemoBooking;
  reservation: DemoReservation;
  slot: number;
  unitIds: string[];
  node: { id: string; name: string };
  prefix: string;
  boots: Boots;
}): DemoInstance {
  const { startsAt, endsAt } = booking;
  const id = newIdAt("instance", startsAt);
  const label = `${prefix}${id}`;
  const runningSince = new Date(startsAt.getTime() + loadingMs(label));
  const isOver = row.status === "completed";
  const stoppedAt = isOver ? new Date(endsAt.getTime() + stoppingMs(label)) : null;
  const perHour = BigInt(price.rate_micros_per_gpu_hour) * BigInt(unitIds.length) * BigInt(10_000 - price.discount_bps);
  return {
    row: {
      id,
      label,
      projectId: row.projectId,
      reservationId: row.id,
      poolId: row.poolId,
      nodeId: node.id,
      slot,
      name: `${row.title || "Instance"} ${slot + 1}`,
      gpuCount: unitIds.length,
      provider: "simulated",
      externalId: isOver ? null : externalIdOf(label),
      template: boots.template as Prisma.InputJsonObject,
      config: row.config,
      environment: row.environment,
      configVersionId: boots.versionId,
      application: boots.application,
      status: isOver ? "stopped" : "running",
      wanted: isOver ? "stopped" : "running",
      stopReason: isOver ? "reservation_ended" : null,
      tries: 1,
      triedAt: startsAt,
      priceMicrosPerHour: perHour / 10_000n,
      correlationId: row.correlationId,
      createdBy: "system",
      revision: isOver ? 5 : 3,
      createdAt: startsAt,
      updatedAt: stoppedAt ?? runningSince,
      dueAt: isOver ? null : runningSince,
      runningSince: isOver ? null : runningSince,
      ranMs: isOver ? BigInt(Math.max(0, endsAt.getTime() - runningSince.getTime())) : 0n,
      endedAt: stoppedAt,
      ...(!isOver && { address: addressOf(label, node.name, boots.template.ports) }),
    },
    unitIds,
    nodeName: node.name,
    template: boots.template,
    startedAt: startsAt,
    stoppedAt,
  };
}

function stopByHand(instance: DemoInstance): void {
  const { row, startedAt } = instance;
  const at = new Date(startedAt.getTime() + HOUR_MS);
  const { address: _address, ...rest } = row;
  instance.stoppedAt = new Date(at.getTime() + stoppingMs(row.label));
  instance.row = {
    ...rest,
    status: "stopped",
    wanted: "stopped",
    stopReason: "requested",
    externalId: null,
    dueAt: null,
    runningSince: null,
    ranMs: BigInt(HOUR_MS - loadingMs(row.label)),
    revision: 5,
    updatedAt: instance.stoppedAt,
  };
}

function logsOf(instance: DemoInstance): Prisma.InstanceLogCreateManyInput[] {
  const { row, unitIds, nodeName, template, startedAt, stoppedAt } = instance;
  const { image, ports } = template;
  const address = addressOf(row.label, nodeName, ports);
  const up = new Date(startedAt.getTime() + loadingMs(row.label));
  const line = (at: Date, message: string, details: Prisma.InputJsonObject = {}) => ({
    instanceId: row.id,
    projectId: row.projectId,
    at,
    level: "info",
    message,
    details,
  });
  const from = row.configVersionId ? ` from the configuration "${row.config}"` : "";
  const lines = [
    line(startedAt, `Made for ${unitIds.length} GPU${unitIds.length === 1 ? "" : "s"}, to boot ${image}${from}.`),
    line(startedAt, "Its GPUs are free: it starts."),
    line(startedAt, "Its machine boots.", { node: nodeName, image }),
    line(up, `It runs and can be reached at ${address.url ?? `${address.host}:${address.port}`}.`, {
      node: nodeName,
      image,
    }),
  ];
  if (!stoppedAt) return lines;
  const told = new Date(stoppedAt.getTime() - stoppingMs(row.label));
  const isOver = row.stopReason === "reservation_ended";
  return [
    ...lines,
    line(told, isOver ? "Its reservation has ended, or no longer has these GPUs." : "It is asked to stop."),
    line(told, "It stops."),
    line(stoppedAt, "It has stopped; its GPUs are free."),
  ];
}

function demoSnapshot({ row, startedAt }: DemoInstance, now: Date): Prisma.SnapshotUncheckedCreateInput {
  const createdAt = new Date((startedAt.getTime() + UP_MS + now.getTime()) / 2);
  const id = newIdAt("snapshot", createdAt);
  return {
    id,
    projectId: row.projectId,
    instanceId: row.id,
    name: "After the data was loaded",
    status: "completed",
    trigger: "manual",
    externalId: externalIdOf(id),
    location: `simulated://snapshots/${id}`,
    sizeBytes: BigInt(sizeOf(id)),
    checksums: checksumsOf(id),
    tries: 2,
    dueAt: null,
    correlationId: row.correlationId,
    createdBy: "system",
    createdAt,
    completedAt: new Date(createdAt.getTime() + 12_000),
  };
}
