import { entitledOf } from "@/lib/compute/service";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";

/** A question to a provider is given up after this; a lease lasts longer, so that its answer can still be settled. */
export const ANSWER_MS = 45_000;
const LEASE_MS = 60_000;

/** Of instances and snapshots alike. */
const dueAt = (now: Date | Prisma.Sql) =>
  Prisma.sql`due_at <= ${now} AND (lease_until IS NULL OR lease_until <= ${now})`;

/** SQL: whether an instance or a snapshot is to be leased. */
export const stepDueAt = (now: Date | Prisma.Sql) => Prisma.sql`
    EXISTS (SELECT FROM instance WHERE ${dueAt(now)}) OR EXISTS (SELECT FROM snapshot WHERE ${dueAt(now)})`;

const withWhatItNeeds = {
  reservation: { select: { endsAt: true } },
  pool: { include: { gpuType: true, provisioner: true } },
  node: { select: { name: true } },
} satisfies Prisma.InstanceInclude;

export type ClaimedInstance = Prisma.InstanceGetPayload<{ include: typeof withWhatItNeeds }> & {
  token: string;
  entitled: boolean;
};

/**
 * Leases instances that are due, those that wait longest first. As with deliveries a lease is a time and a token: when
 * the worker dies the time passes, and a late answer is refused by the token.
 */
export async function claimInstances(now: Date, limit: number): Promise<ClaimedInstance[]> {
  const leased = await db.$queryRaw<{ id: string; token: string }[]>`
    UPDATE instance SET lease_token = gen_random_uuid(), lease_until = ${leaseEnd(now)}
     WHERE id IN (SELECT id FROM instance
                   WHERE ${dueAt(now)} ORDER BY due_at, id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id, lease_token::text AS token`;
  if (leased.length === 0) return [];
  const ids = leased.map(({ id }) => id);
  const rows = await db.instance.findMany({ where: { id: { in: ids } }, include: withWhatItNeeds });
  const entitled = await entitledOf(db, ids, now);
  const tokens = new Map(leased.map(({ id, token }) => [id, token]));
  return rows.map((row) => ({ ...row, token: tokens.get(row.id) ?? "", entitled: entitled.has(row.id) }));
}

const withItsPool = {
  instance: { include: { pool: { include: { provisioner: true } } } },
} satisfies Prisma.SnapshotInclude;

export type ClaimedSnapshot = Prisma.SnapshotGetPayload<{ include: typeof withItsPool }> & { token: string };

/** The same for snapshots. */
export async function claimSnapshots(now: Date, limit: number): Promise<ClaimedSnapshot[]> {
  const leased = await db.$queryRaw<{ id: string; token: string }[]>`
    UPDATE snapshot SET lease_token = gen_random_uuid(), lease_until = ${leaseEnd(now)}, tries = tries + 1
     WHERE id IN (SELECT id FROM snapshot
                   WHERE ${dueAt(now)} ORDER BY due_at, id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id, lease_token::text AS token`;
  if (leased.length === 0) return [];
  const rows = await db.snapshot.findMany({ where: { id: { in: leased.map(({ id }) => id) } }, include: withItsPool });
  const tokens = new Map(leased.map(({ id, token }) => [id, token]));
  return rows.map((row) => ({ ...row, token: tokens.get(row.id) ?? "" }));
}

function leaseEnd(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS);
}
