import { labelPrefix } from "@/lib/compute/place";
import type { ComputeProvider } from "@/lib/compute/provider";
import { type ProviderChoice, providerNameOf, providerOf } from "@/lib/compute/providers";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { env } from "@/lib/env";
import { isId, timeOfId } from "@/lib/ids";
import { log } from "@/lib/log";

/** Minutes for which a machine is left alone after its instance was last heard of: a start may be on its way. */
const GRACE_MINUTES = 5;

/** For so long after its last instance a provider that no pool has is asked: a day. */
const LATELY_MS = 24 * 3600 * 1000;

/**
 * Stops machines of this installation that no instance wants: a start that was asked for by a worker that had lost its
 * lease, or an instance that was deleted with its project.
 * @param providers all that may have machines of ours, unless given
 * @returns how many machines were stopped, and how many providers did not answer
 */
export async function stopOrphans(
  at?: Date,
  providers?: readonly ComputeProvider[],
): Promise<{ stopped: number; unreachable: number }> {
  const prefix = await labelPrefix(db);
  const now = at ?? (await databaseNow(db));
  let [stopped, unreachable] = [0, 0];
  for (const provider of providers ?? (await providersOfOurs(now))) {
    try {
      for (const { label, state } of await provider.list()) {
        if (!label.startsWith(prefix) || state === "stopped" || !(await isOrphan(label, prefix, now))) continue;
        await provider.stop(label);
        stopped += 1;
        log.warn({ label, provider: provider.name }, "a machine that no instance wants was stopped");
      }
    } catch (err) {
      unreachable += 1;
      log.warn({ err, provider: provider.name }, "machines of a compute provider could not be looked through");
    }
  }
  return { stopped, unreachable };
}

async function isOrphan(label: string, prefix: string, now: Date): Promise<boolean> {
  const oldest = new Date(now.getTime() - GRACE_MINUTES * 60_000);
  const row = await db.instance.findUnique({ where: { label } });
  if (row) return row.dueAt === null && row.updatedAt < oldest;
  const id = label.slice(prefix.length);
  return isId("instance", id) && timeOfId(id) < oldest;
}

/**
 * Every provider that is set up, whatever pools choose today, and every one that an instance is or lately was with: a start
 * may come to pass after its pool has gone elsewhere. One that is not set up any more is not asked for ever.
 */
async function providersOfOurs(now: Date): Promise<ComputeProvider[]> {
  const lately = new Date(now.getTime() - LATELY_MS);
  const [pools, instances, provisioners] = await Promise.all([
    db.pool.groupBy({ by: ["computeProvider"] }),
    db.instance.groupBy({ by: ["provider"], where: { OR: [{ endedAt: null }, { updatedAt: { gte: lately } }] } }),
    db.provisioner.findMany({ orderBy: { id: "asc" } }),
  ]);
  const names = new Set([
    "simulated",
    ...(env.VAST_API_KEY === undefined ? [] : ["vast"]),
    ...pools.map((pool) => providerNameOf(pool)),
    ...instances.map(({ provider }) => provider),
  ]);
  // One's own machines are behind provisioners, each of which is asked.
  names.delete("http");
  const choices: ProviderChoice[] = [
    ...[...names].map((computeProvider) => ({ computeProvider, provisioner: null })),
    ...provisioners.map((provisioner) => ({ computeProvider: "http", provisioner })),
  ];
  return choices.flatMap((choice) => {
    try {
      return [providerOf(choice)];
    } catch (err) {
      log.warn({ err, provider: choice.computeProvider }, "a compute provider cannot be used");
      return [];
    }
  });
}
