import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { readNames } from "@/lib/accounts/names";
import { insertVersion } from "@/lib/configurations/commits";
import { emitConfigEvent } from "@/lib/configurations/events";
import {
  findVariant,
  limitReached,
  lockConfiguration,
  requireNotArchived,
  withFreeName,
} from "@/lib/configurations/guards";
import { readConfiguration, toVariant } from "@/lib/configurations/queries";
import { findVersion } from "@/lib/configurations/versions";
import { CONFIG_LIMITS, type ConfigVariant, type createVariantBody } from "@/lib/contracts/configurations";
import { databaseNow } from "@/lib/db/clock";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";

/**
 * A new variant, empty or with a copy of another one's version as its first.
 * @throws AppError "not_found"; "validation_failed" for a name that is taken or a version that is not there; "conflict"
 *   at the limit, or when the configuration is archived
 */
export async function createVariant(
  actor: Actor,
  configId: string,
  { name, from }: z.output<typeof createVariantBody>,
): Promise<ConfigVariant> {
  authorise(actor, "configs:write");
  const { projectId, subject } = actor;
  return withFreeName("a variant", name, () =>
    transaction(async (tx) => {
      const config = await lockConfiguration(tx, projectId, configId, "change");
      requireNotArchived(config);
      if ((await tx.configVariant.count({ where: { configId, deletedAt: null } })) >= CONFIG_LIMITS.variants) {
        throw limitReached("variants of this configuration", CONFIG_LIMITS.variants, "delete one first");
      }
      const origin = from ? await findVersion(tx, configId, from, "from.") : null;
      const row = await tx.configVariant.create({
        data: { id: newId("configVariant"), projectId, configId, name, head: origin ? 1 : 0, createdBy: subject.id },
      });
      await emitConfigEvent(tx, "variant.created", { config, variant: name, occurredAt: await databaseNow(tx) });
      const first = origin
        ? await insertVersion(tx, actor, {
            config,
            variant: row,
            version: 1,
            parent: origin,
            source: origin.source,
            format: origin.format,
            content: origin.content,
            message: `Copied from ${origin.variant.name} ${origin.version}`,
          })
        : null;
      return toVariant(row, first?.id ?? null, await readNames(tx, [row.createdBy]));
    }),
  );
}

/**
 * Its versions and what is deployed of them stay; its name is free again.
 * @throws AppError "not_found"; "conflict" for the last one, and for one that is in force somewhere unless that is allowed
 */
export async function deleteVariant(
  actor: Actor,
  configId: string,
  name: string,
  { evenIfDeployed }: { evenIfDeployed: boolean },
): Promise<void> {
  authorise(actor, "configs:write");
  const { projectId } = actor;
  await transaction(async (tx) => {
    const config = await lockConfiguration(tx, projectId, configId, "change");
    const variant = await findVariant(tx, configId, name);
    const { variants, in_force } = await readConfiguration(tx, projectId, configId);
    if (variants.length === 1) {
      throw new AppError("conflict", "This is the configuration's only variant. Archive the configuration instead.");
    }
    const versions = await tx.configVersion.findMany({
      where: { id: { in: in_force.map(({ version }) => version.id) }, variantId: variant.id },
      select: { id: true },
    });
    const places = in_force.filter(({ version }) => versions.some(({ id }) => id === version.id));
    if (places.length > 0 && !evenIfDeployed) {
      const names = places.map(({ environment }) => environment).join(", ");
      throw new AppError(
        "conflict",
        `"${name}" is in force in ${names}, where it would stay in force. To delete it all the same, send \`even_if_deployed=true\`.`,
      );
    }
    const now = await databaseNow(tx);
    await tx.configVariant.update({ where: { id: variant.id }, data: { deletedAt: now } });
    await emitConfigEvent(tx, "variant.deleted", { config, variant: name, occurredAt: now });
  });
}
