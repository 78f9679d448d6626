import type { Tx } from "@/lib/db/transaction";
import { nodeNames } from "@/lib/fleet/nodes";
import type { Pool } from "@/lib/generated/prisma/client";
import { newIdAt } from "@/lib/ids";

const DAY_MS = 24 * 3600 * 1000;

/** How long ago the installation of the demo got its GPUs. */
const FLEET_AGE_DAYS = 120;

const GPU_TYPES = [
  { name: "H100 SXM", memoryGb: 80 },
  { name: "A100 SXM", memoryGb: 80 },
  { name: "L40S", memoryGb: 48 },
] as const;

type DemoPool = Pick<
  Pool,
  | "name"
  | "region"
  | "provider"
  | "granularityMinutes"
  | "minDurationMinutes"
  | "maxDurationMinutes"
  | "horizonDays"
  | "bufferBeforeMinutes"
  | "bufferAfterMinutes"
  | "reserveUnits"
  | "freezeMinutes"
  | "priceMicrosPerGpuHour"
> & {
  gpuType: (typeof GPU_TYPES)[number]["name"];
  nodes: string;
  nodeCount: number;
  lanes: number;
  /** What is booked here: hours and GPUs to choose from. */
  hours: readonly [number, ...number[]];
  gpus: readonly [number, ...number[]];
};

const common = { freezeMinutes: 30, bufferBeforeMinutes: 0, horizonDays: 180, provider: "simulated" };

/** 200 GPUs of three types in five places, each with rules of its own. */
const DEMO_POOLS: readonly DemoPool[] = [
  {
    ...common,
    name: "Frankfurt H100",
    gpuType: "H100 SXM",
    region: "eu-central",
    nodes: "fra-h100-{nn}",
    nodeCount: 8,
    lanes: 8,
    granularityMinutes: 60,
    minDurationMinutes: 60,
    maxDurationMinutes: 30 * 1440,
    bufferAfterMinutes: 30,
    reserveUnits: 4,
    priceMicrosPerGpuHour: 2_900_000n,
    hours: [24, 48, 72, 96, 168, 240],
    gpus: [4, 8, 8, 8, 16, 24],
  },
  {
    ...common,
    name: "Helsinki H100",
    gpuType: "H100 SXM",
    region: "eu-north",
    provider: "Nordic colocation",
    nodes: "hel-h100-{nn}",
    nodeCount: 4,
    lanes: 8,
    granularityMinutes: 240,
    minDurationMinutes: 480,
    maxDurationMinutes: 60 * 1440,
    bufferBeforeMinutes: 15,
    bufferAfterMinutes: 45,
    reserveUnits: 2,
    priceMicrosPerGpuHour: 2_550_000n,
    hours: [48, 72, 120, 240],
    gpus: [4, 8, 8, 16],
  },
  {
    ...common,
    name: "Amsterdam A100",
    gpuType: "A100 SXM",
    region: "eu-west",
    nodes: "ams-a100-{nn}",
    nodeCount: 7,
    lanes: 8,
    granularityMinutes: 60,
    minDurationMinutes: 60,
    maxDurationMinutes: 30 * 1440,
    bufferAfterMinutes: 15,
    reserveUnits: 3,
    priceMicrosPerGpuHour: 1_700_000n,
    hours: [12, 24, 48, 96, 168],
    gpus: [2, 4, 8, 8, 16],
  },
  {
    ...common,
    name: "Virginia A100",
    gpuType: "A100 SXM",
    region: "us-east",
    provider: "Partner cloud",
    nodes: "vir-a100-{nn}",
    nodeCount: 2,
    lanes: 8,
    granularityMinutes: 1440,
    minDurationMinutes: 1440,
    maxDurationMinutes: 90 * 1440,
    bufferAfterMinutes: 60,
    reserveUnits: 1,
    priceMicrosPerGpuHour: 1_450_000n,
    hours: [72, 168, 240],
    gpus: [2, 4, 8],
  },
  {
    ...common,
    name: "Stockholm L40S",
    gpuType: "L40S",
    region: "eu-north",
    nodes: "sto-l40s-{nn}",
    nodeCount: 8,
    lanes: 4,
    granularityMinutes: 15,
    minDurationMinutes: 30,
    maxDurationMinutes: 14 * 1440,
    bufferAfterMinutes: 0,
    freezeMinutes: 10,
    horizonDays: 90,
    reserveUnits: 2,
    priceMicrosPerGpuHour: 850_000n,
    hours: [6, 12, 24, 48, 72],
    gpus: [1, 2, 4, 4, 8],
  },
];

export type SeededPool = Pool & {
  demo: DemoPool;
  /** In order of node and lane. */
  lanes: { id: string; nodeId: string }[];
};

/** Makes GPU types, pools, nodes and units. Needs an installation without any. */
export async function createDemoFleet(tx: Tx, now: Date): Promise<SeededPool[]> {
  const at = new Date(now.getTime() - FLEET_AGE_DAYS * DAY_MS);
  const dates = { createdAt: at, updatedAt: at };
  const types = new Map(
    GPU_TYPES.map((type) => [type.name as string, { id: newIdAt("gpuType", at), ...type, ...dates }]),
  );
  await tx.gpuType.createMany({ data: [...types.values()] });
  const pools: SeededPool[] = [];
  for (const demo of DEMO_POOLS) {
    const { gpuType, nodes: pattern, nodeCount, lanes, hours: _hours, gpus: _gpus, ...rules } = demo;
    const pool = await tx.pool.create({
      // Nobody pays for machines of a demo, whatever COMPUTE_PROVIDER says.
      data: {
        ...rules,
        computeProvider: "simulated",
        id: newIdAt("pool", at),
        gpuTypeId: types.get(gpuType)?.id ?? "",
        ...dates,
      },
    });
    const nodes = nodeNames(pattern, nodeCount, []).map((name) => ({ id: newIdAt("node", at), name }));
    const units = nodes.flatMap((node) =>
      Array.from({ length: lanes }, (_, lane) => ({ id: newIdAt("unit", at), nodeId: node.id, lane })),
    );
    await tx.node.createMany({ data: nodes.map((node) => ({ ...node, poolId: pool.id, createdAt: at })) });
    await tx.unit.createMany({ data: units.map((unit) => ({ ...unit, poolId: pool.id, createdAt: at })) });
    pools.push({ ...pool, demo, lanes: units.map(({ id, nodeId }) => ({ id, nodeId })) });
  }
  return pools;
}
