import type { Actor } from "@/lib/accounts/actor";
import { isUniqueViolation } from "@/lib/db/errors";
import type { Tx } from "@/lib/db/transaction";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { Configuration, ConfigVariant, Environment } from "@/lib/generated/prisma/client";
import { type IdKind, isId } from "@/lib/ids";

/** @throws AppError "invalid_cursor" */
export function requireCursor(kind: IdKind, cursor: string | undefined): void {
  if (cursor !== undefined && !isId(kind, cursor)) throw invalidCursor();
}

export function invalidCursor(): AppError {
  return new AppError(
    "invalid_cursor",
    "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
  );
}

/** @throws AppError "validation_failed" on `name` when the write meets a name that is taken */
export async function withFreeName<T>(what: string, name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error)) {
      throw invalidField("name", `There is ${what} "${name}" already; choose another name.`);
    }
    throw error;
  }
}

/** Those that count things of a project against a limit wait for each other, or the limit would be passed. */
export async function lockProject(tx: Tx, projectId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM project WHERE id = ${projectId} FOR NO KEY UPDATE`;
}

export function limitReached(what: string, most: number, mend: string): AppError {
  return new AppError("conflict", `There are ${most} ${what}, the most there can be; ${mend}.`);
}

export type LockedConfiguration = Configuration & { application: { id: string; name: string } };

/**
 * The configuration, held until the transaction ends. "change": its variants and deployments are changed one after
 * another. "commit": beside other commits, but not beside a change. Taken before any lock of a variant.
 * @throws AppError "not_found"
 */
export async function lockConfiguration(
  tx: Tx,
  projectId: string,
  configId: string,
  purpose: "change" | "commit",
): Promise<LockedConfiguration> {
  if (purpose === "change") {
    await tx.$queryRaw`SELECT id FROM configuration WHERE id = ${configId} AND project_id = ${projectId} FOR NO KEY UPDATE`;
  } else {
    await tx.$queryRaw`SELECT id FROM configuration WHERE id = ${configId} AND project_id = ${projectId} FOR SHARE`;
  }
  const config = await tx.configuration.findFirst({
    where: { id: configId, projectId },
    include: { application: { select: { id: true, name: true } } },
  });
  if (!config) throw notFound("configuration");
  return config;
}

/** @throws AppError "conflict" */
export function requireNotArchived({ name, archivedAt }: Configuration): void {
  if (archivedAt)
    throw new AppError("conflict", `The configuration "${name}" is archived; take it out of the archive first.`);
}

/** The variant that has this name now. @throws AppError "not_found" */
export async function findVariant(tx: Tx, configId: string, name: string): Promise<ConfigVariant> {
  const variant = await tx.configVariant.findFirst({ where: { configId, name, deletedAt: null } });
  if (!variant) throw notFound("variant");
  return variant;
}

/** @throws AppError "forbidden" */
export function requireMayDeploy(actor: Actor, environment: Pick<Environment, "name" | "protected">): void {
  if (environment.protected && !actor.permissions.has("project:manage")) {
    throw new AppError(
      "forbidden",
      `"${environment.name}" is protected: owners and admins deploy to it, and API keys with the scope "project:manage".`,
    );
  }
}
