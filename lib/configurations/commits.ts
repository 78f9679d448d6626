import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { readNames } from "@/lib/accounts/names";
import { emitConfigEvent } from "@/lib/configurations/events";
import {
  findVariant,
  type LockedConfiguration,
  lockConfiguration,
  requireNotArchived,
} from "@/lib/configurations/guards";
import { commitConflict } from "@/lib/configurations/versions";
import {
  storedTemplate,
  toVersionDetail,
  toVersionRef,
  type VersionWithVariant,
  withVariant,
} from "@/lib/configurations/view";
import { compareTemplates } from "@/lib/contracts/config-diff";
import type { CommittedVersion, commitBody } from "@/lib/contracts/config-versions";
import { readLaunchText, type TextProblem } from "@/lib/contracts/launch-text";
import { databaseNow } from "@/lib/db/clock";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import type { ConfigVariant, Prisma } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { beginWorkflow } from "@/lib/workflows/service";

/**
 * Adds a version to a variant. Of those made from one base version only one gets in: the variant's head is compared and
 * swapped.
 * @throws AppError "not_found"; "validation_failed" with every field that is wrong, and its line; "version_conflict"
 *   with what changed; "conflict" when nothing would change, or the configuration is archived
 */
export async function commit(
  actor: Actor,
  configId: string,
  variantName: string,
  body: z.output<typeof commitBody>,
): Promise<CommittedVersion> {
  authorise(actor, "configs:write");
  const { projectId, subject } = actor;
  const { source, format, message, base_version: base } = body;
  const read = readLaunchText(source, format);
  return transaction(async (tx) => {
    const config = await lockConfiguration(tx, projectId, configId, "commit");
    requireNotArchived(config);
    const variant = await findVariant(tx, configId, variantName);
    if (read.template === null) throw wrongText(read.problems);
    const { count } = await tx.configVariant.updateMany({
      where: { id: variant.id, head: base, deletedAt: null },
      data: { head: base + 1 },
    });
    if (count === 0) throw await commitConflict(tx, variant.id, base);
    const parent = await tx.configVersion.findFirst({
      where: { variantId: variant.id, version: base },
      include: withVariant,
    });
    if (parent?.source === source && parent.format === format) {
      throw new AppError("conflict", `Nothing changed: this is what version ${base} says.`);
    }
    const correlationId = await beginWorkflow(tx, {
      projectId,
      by: subject.id,
      kind: "deployment",
      title: `Commit ${config.name}, ${variant.name} ${base + 1}`,
      correlationId: body.correlation_id,
      webhook: body.webhook,
      mayJoinOthers: actor.permissions.has("webhooks:write"),
    });
    const row = await insertVersion(tx, actor, {
      config,
      variant,
      version: base + 1,
      parent,
      source,
      format,
      content: read.template,
      message,
      correlationId,
    });
    const nameOf = await readNames(tx, [subject.id]);
    return { ...toVersionDetail(row, parent && toVersionRef(parent), nameOf), correlation_id: correlationId };
  });
}

type NewVersion = {
  config: LockedConfiguration;
  variant: ConfigVariant;
  version: number;
  parent: VersionWithVariant | null;
  source: string;
  format: string;
  content: unknown;
  message: string;
  correlationId?: string;
};

/** Stores and announces a version whose number the variant's head says already. */
export async function insertVersion(
  tx: Tx,
  { projectId, subject }: Actor,
  { config, variant, version, parent, source, format, content, message, correlationId }: NewVersion,
): Promise<VersionWithVariant> {
  const now = await databaseNow(tx);
  const row = await tx.configVersion.create({
    data: {
      id: newId("configVersion"),
      projectId,
      configId: config.id,
      variantId: variant.id,
      version,
      parentId: parent?.id ?? null,
      content: content as Prisma.InputJsonValue,
      source,
      format,
      message,
      createdBy: subject.id,
      createdAt: now,
    },
    include: withVariant,
  });
  const changes = compareTemplates(parent && storedTemplate(parent.content), storedTemplate(content));
  await emitConfigEvent(tx, "config.committed", {
    config,
    variant: variant.name,
    data: { version, version_id: row.id, message, changed: changes.map(({ field }) => field) },
    occurredAt: now,
    ...(correlationId !== undefined && { correlationId }),
  });
  return row;
}

function wrongText(problems: readonly TextProblem[]): AppError {
  const errors = problems.map(({ field, line, message }) => ({
    field: field === "" ? "source" : `source.${field}`,
    message: line === null ? message : `Line ${line}: ${message}`,
  }));
  const [first] = errors;
  return new AppError(
    "validation_failed",
    first && errors.length === 1 ? first.message : `The text has ${errors.length} mistakes.`,
    { errors },
  );
}
