import { setTimeout as sleep } from "node:timers/promises";
import type { ProviderOf } from "@/lib/compute/ask";
import { ProviderError } from "@/lib/compute/provider";
import { providerOf } from "@/lib/compute/providers";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { markFailed } from "@/lib/failover/health";
import type { Provisioner } from "@/lib/generated/prisma/client";
import { log } from "@/lib/log";

/** Milliseconds that a provider may take; what it says later is asked for again. */
const ANSWER_MS = 10_000;

/** How a round is carried out; the defaults are those of a worker. */
export type RoundOptions = {
  /** The database's clock unless given. */
  now?: Date;
  /** As pools and environment say unless given. */
  providerOf?: ProviderOf;
};

type Asked = { poolId: string; provider: string; provisioner: Provisioner | null; nodes: Map<string, string> };

/**
 * Finds out what has failed and marks it: nodes of which their provider says so, and GPUs whose machine failed while it
 * ran. A provider that does not answer has said nothing, and the others are asked all the same.
 * @returns how many units were marked
 */
export async function detectFailures(options: RoundOptions = {}): Promise<number> {
  const asked = await nodesInUse();
  const answers = await Promise.all(asked.map((one) => askProvider(one, options)));
  let marked = answers.reduce((sum, units) => sum + units, 0);
  for (const { poolId, unitIds, cause } of await failedMachines(options)) {
    marked += (await markFailed({ poolId, unitIds, cause }, options.now)).length;
  }
  return marked;
}

async function askProvider({ poolId, provider, provisioner, nodes }: Asked, options: RoundOptions): Promise<number> {
  try {
    const asked = (options.providerOf ?? providerOf)({ computeProvider: provider, provisioner });
    let marked = 0;
    for (const { nodeName, cause } of await inTime(asked.problems([...nodes.keys()]))) {
      const nodeId = nodes.get(nodeName);
      if (nodeId === undefined) continue;
      const units = await db.unit.findMany({
        where: { nodeId, retiredAt: null, health: "healthy" },
        select: { id: true },
      });
      if (units.length === 0) continue;
      const unitIds = units.map(({ id }) => id);
      marked += (await markFailed({ poolId, unitIds, cause }, options.now)).length;
    }
    return marked;
  } catch (err) {
    log.warn({ err, pool: poolId, provider }, "a compute provider could not be asked for problems");
    return 0;
  }
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  const given = new AbortController();
  const late = sleep(ANSWER_MS, undefined, { signal: given.signal, ref: false }).then(() => {
    throw new ProviderError("unreachable", `The provider has not answered for ${ANSWER_MS / 1000} seconds.`);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    given.abort();
    late.catch(() => undefined);
  }
}

type NodeRow = { pool_id: string; provider: string; provisioner_id: string | null; node_id: string; name: string };

/** Nodes with machines that run or should, and those on which a drill is under way, by pool and who boots them. */
async function nodesInUse(): Promise<Asked[]> {
  const rows = await db.$queryRaw<NodeRow[]>`
    SELECT DISTINCT i.pool_id, i.provider, p.provisioner_id, n.id AS node_id, n.name
      FROM instance i JOIN node n ON n.id = i.node_id JOIN pool p ON p.id = i.pool_id
     WHERE i.ended_at IS NULL AND i.status IN ('requested', 'starting', 'running', 'failed') AND n.retired_at IS NULL
    UNION
    SELECT d.pool_id, 'simulated', NULL, d.node_id, d.node_name FROM drill d WHERE d.status = 'running'`;
  const provisioners = await db.provisioner.findMany();
  const found = new Map<string, Asked>();
  for (const { pool_id, provider, provisioner_id, node_id, name } of rows) {
    const key = `${pool_id} ${provider}`;
    const asked = found.get(key) ?? {
      poolId: pool_id,
      provider,
      provisioner: provisioners.find(({ id }) => id === provisioner_id) ?? null,
      nodes: new Map<string, string>(),
    };
    asked.nodes.set(name, node_id);
    found.set(key, asked);
  }
  return [...found.values()];
}

type Failed = { poolId: string; unitIds: string[]; cause: string };

/** Machines that failed while they ran, and that nobody has replaced or asked to start again. */
async function failedMachines({ now }: RoundOptions): Promise<Failed[]> {
  const at = now ?? (await databaseNow(db));
  const rows = await db.$queryRaw<{ pool_id: string; unit_ids: string[]; failure: string | null }[]>`
    SELECT i.pool_id, i.failure, array_agg(iu.unit_id) AS unit_ids
      FROM instance i
      JOIN reservation r ON r.id = i.reservation_id AND r.status = 'active' AND r.ends_at > ${at}
      JOIN instance_unit iu ON iu.instance_id = i.id
      JOIN unit u ON u.id = iu.unit_id AND u.health = 'healthy' AND u.retired_at IS NULL
     WHERE i.status = 'failed' AND i.ended_at IS NULL AND i.ran_ms > 0 AND i.stop_reason IS NULL
       AND NOT EXISTS (SELECT 1 FROM failover f WHERE f.instance_id = i.id)
     GROUP BY i.id ORDER BY i.id`;
  return rows.map(({ pool_id, unit_ids, failure }) => ({
    poolId: pool_id,
    unitIds: unit_ids,
    cause: failure ?? "Its machine failed.",
  }));
}
