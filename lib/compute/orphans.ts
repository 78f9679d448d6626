import { labelPrefix } from "@/lib/compute/place";
import type { ComputeProvider } from "@/lib/compute/provider";
import { type ProviderChoice, providerOf } from "@/lib/compute/providers";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { isId, timeOfId } from "@/lib/ids";
import { log } from "@/lib/log";

/** Minutes for which a machine is left alone after its instance was last heard of: a start may be on its way. */
const GRACE_MINUTES = 5;

/**
 * Stops machines of this installation that no instance wants: a start that was asked for by a worker that had lost its
 * lease, or an instance that was deleted with its project.
 * @param providers all that may have machines of ours, unless given
 */
export async function stopOrphans(
  at?: Date,
  providers?: readonly ComputeProvider[],
): Promise<{ stopped: number; unreachable: number }> {
  const prefix = await labelPrefix(db);
  const now = at ?? (await databaseNow(db));
  let [stopped, unreachable] = [0, 0];
  for (const provider of providers ?? (await providersInUse())) {
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

async function providersInUse(): Promise<ComputeProvider[]> {
  const pools = await db.pool.findMany({ select: { computeProvider: true, provisioner: true } });
  const choices = new Map<string, ProviderChoice>();
  for (const pool of pools) choices.set(`${pool.computeProvider} ${pool.provisioner?.id}`, pool);
  return [...choices.values()].flatMap((choice) => {
    try {
      return [providerOf(choice)];
    } catch (err) {
      log.warn({ err, provider: choice.computeProvider }, "a compute provider cannot be used");
      return [];
    }
  });
}
