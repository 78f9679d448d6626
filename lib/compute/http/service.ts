import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import { httpProvider } from "@/lib/compute/http/provider";
import { sealProvisionerSecret } from "@/lib/compute/http/secret";
import { type NodeProblem, ProviderError } from "@/lib/compute/provider";
import {
  type createProvisionerBody,
  PROVISIONER_LIMITS,
  type Provisioner,
  type ProvisionerCheck,
  type ProvisionerWithSecret,
  type regenerateProvisionerSecretBody,
  type updateProvisionerBody,
} from "@/lib/contracts/provisioners";
import { db } from "@/lib/db/client";
import { isUniqueViolation } from "@/lib/db/errors";
import { type Tx, transaction } from "@/lib/db/transaction";
import { httpRule } from "@/lib/env";
import { AppError, invalidField } from "@/lib/errors";
import type { Prisma } from "@/lib/generated/prisma/client";
import { isId, newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { egressPolicy } from "@/lib/net/address";
import { checkUrl, EgressDenied } from "@/lib/net/egress-url";
import { generateSecret } from "@/lib/webhooks/signing-key";

const withPools = { pools: { select: { id: true, name: true }, orderBy: { name: "asc" } } } as const;

type Row = Prisma.ProvisionerGetPayload<{ include: typeof withPools }>;

/** Newest first. @throws AppError "invalid_cursor" */
export async function listProvisioners(
  _admin: Administrator,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ data: Provisioner[]; next_cursor: string | null }> {
  if (cursor !== undefined && !isId("provisioner", cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const rows = await db.provisioner.findMany({
    where: { ...(cursor !== undefined && { id: { lt: cursor } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
    include: withPools,
  });
  const data = rows.slice(0, limit).map(toProvisioner);
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/** @throws AppError "not_found" */
export async function getProvisioner(_admin: Administrator, provisionerId: string): Promise<Provisioner> {
  const row = await db.provisioner.findUnique({ where: { id: provisionerId }, include: withPools });
  if (!row) throw noProvisioner();
  return toProvisioner(row);
}

/**
 * @returns it with its secret, which is not shown again
 * @throws AppError "validation_failed" naming the field; "conflict" at the limit
 */
export async function createProvisioner(
  { subject }: Administrator,
  { name, url, secret = generateSecret() }: z.output<typeof createProvisionerBody>,
): Promise<ProvisionerWithSecret> {
  refuseUrl(url);
  const id = newId("provisioner");
  const row = await withFreeName(name, () =>
    transaction(async (tx) => {
      await lockProvisioners(tx);
      if ((await tx.provisioner.count()) >= PROVISIONER_LIMITS.count) {
        throw new AppError(
          "conflict",
          `There are ${PROVISIONER_LIMITS.count} provisioners, the most there can be; remove one.`,
        );
      }
      return tx.provisioner.create({
        data: { id, name, url, secret: sealProvisionerSecret(id, secret) },
        include: withPools,
      });
    }),
  );
  log.info({ by: subject.id, provisioner: id, name }, "an administrator added a provisioner");
  return { ...toProvisioner(row), secret };
}

/** @throws AppError "not_found"; "validation_failed" naming the field */
export async function updateProvisioner(
  { subject }: Administrator,
  provisionerId: string,
  { name, url }: z.output<typeof updateProvisionerBody>,
): Promise<Provisioner> {
  if (url !== undefined) refuseUrl(url);
  const row = await withFreeName(name ?? "", () =>
    change(provisionerId, { ...(name !== undefined && { name }), ...(url !== undefined && { url }) }),
  );
  log.info({ by: subject.id, provisioner: provisionerId }, "an administrator changed a provisioner");
  return toProvisioner(row);
}

/** The old secret signs no more from here on. @throws AppError "not_found" */
export async function regenerateSecret(
  { subject }: Administrator,
  provisionerId: string,
  { secret = generateSecret() }: z.output<typeof regenerateProvisionerSecretBody>,
): Promise<ProvisionerWithSecret> {
  const row = await change(provisionerId, { secret: sealProvisionerSecret(provisionerId, secret) });
  log.info({ by: subject.id, provisioner: provisionerId }, "an administrator replaced a provisioner's secret");
  return { ...toProvisioner(row), secret };
}

/** @throws AppError "not_found"; "conflict" while a pool has it */
export async function deleteProvisioner({ subject }: Administrator, provisionerId: string): Promise<void> {
  await transaction(async (tx) => {
    // A pool that takes it now waits for this lock by its foreign key.
    await tx.$queryRaw`SELECT id FROM provisioner WHERE id = ${provisionerId} FOR UPDATE`;
    const row = await tx.provisioner.findUnique({ where: { id: provisionerId }, include: withPools });
    if (!row) throw noProvisioner();
    const [first, ...others] = row.pools;
    if (first) {
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      throw new AppError(
        "conflict",
        `It runs the machines of "${first.name}"${more}. Give these another provider first.`,
      );
    }
    await tx.provisioner.delete({ where: { id: provisionerId } });
  });
  log.info({ by: subject.id, provisioner: provisionerId }, "an administrator removed a provisioner");
}

/** A health call now. What is wrong is part of the answer. @throws AppError "not_found" */
export async function checkProvisioner(admin: Administrator, provisionerId: string): Promise<ProvisionerCheck> {
  const row = await db.provisioner.findUnique({ where: { id: provisionerId } });
  if (!row) throw noProvisioner();
  const nodes = await db.node.findMany({
    where: { pool: { provisionerId }, retiredAt: null },
    select: { name: true },
    orderBy: { name: "asc" },
    take: 10_000,
  });
  const startedAt = performance.now();
  const { error, problems } = await ask(row, [...new Set(nodes.map((node) => node.name))]);
  return {
    ok: error === null,
    error,
    latency_ms: Math.round(performance.now() - startedAt),
    problems: problems.map(({ nodeName, cause }) => ({ node_name: nodeName, cause })),
    provisioner: await getProvisioner(admin, provisionerId),
  };
}

type Answer = { error: string | null; problems: NodeProblem[] };

async function ask(row: { id: string; url: string; secret: string }, nodeNames: string[]): Promise<Answer> {
  try {
    return { error: null, problems: await httpProvider(row).problems(nodeNames) };
  } catch (error) {
    if (error instanceof ProviderError) return { error: error.message, problems: [] };
    throw error;
  }
}

async function change(id: string, data: Prisma.ProvisionerUpdateInput): Promise<Row> {
  return transaction(async (tx) => {
    const { count } = await tx.provisioner.updateMany({ where: { id }, data });
    if (count === 0) throw noProvisioner();
    return tx.provisioner.findUniqueOrThrow({ where: { id }, include: withPools });
  });
}

/** Held until the transaction ends, so that the limit holds for many at once. */
async function lockProvisioners(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('provisioners', 0))`;
}

/** What the guard would refuse at each call is refused here already. */
function refuseUrl(url: string): void {
  try {
    checkUrl(url, egressPolicy(), { http: httpRule });
  } catch (error) {
    if (error instanceof EgressDenied) throw invalidField("url", error.message);
    throw error;
  }
}

async function withFreeName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw invalidField("name", `There is a provisioner "${name}" already; choose another name.`);
  }
}

function toProvisioner(row: Row): Provisioner {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    pools: row.pools,
    last_seen_at: row.lastSeenAt?.toISOString() ?? null,
    last_error: row.lastError,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

function noProvisioner(): AppError {
  return new AppError("not_found", "There is no such provisioner.");
}
