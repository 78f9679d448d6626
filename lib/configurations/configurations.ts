import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { insertApplication } from "@/lib/configurations/applications";
import { emitConfigEvent } from "@/lib/configurations/events";
import { limitReached, lockConfiguration, lockProject, withFreeName } from "@/lib/configurations/guards";
import { readConfiguration } from "@/lib/configurations/queries";
import {
  CONFIG_LIMITS,
  type Configuration,
  type createConfigurationBody,
  FIRST_ENVIRONMENTS,
  FIRST_VARIANT,
  type updateConfigurationBody,
} from "@/lib/contracts/configurations";
import { databaseNow } from "@/lib/db/clock";
import { type Tx, transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";

/**
 * Makes a configuration with its first variant, and what is missing around it: its application, and a project's first
 * environments.
 * @throws AppError "validation_failed" for a name that is taken; "conflict" at a limit
 */
export async function createConfiguration(
  actor: Actor,
  { name, application, description }: z.output<typeof createConfigurationBody>,
): Promise<Configuration> {
  authorise(actor, "configs:write");
  const { projectId, subject } = actor;
  return withFreeName("a configuration", name, () =>
    transaction(async (tx) => {
      await lockProject(tx, projectId);
      const present = await tx.configuration.count({ where: { projectId } });
      if (present >= CONFIG_LIMITS.configurations) {
        throw limitReached("configurations", CONFIG_LIMITS.configurations, "use one of the archived ones again");
      }
      if (present === 0) await insertFirstEnvironments(tx, actor);
      const config = await tx.configuration.create({
        data: {
          id: newId("configuration"),
          projectId,
          applicationId: (await obtainApplication(tx, actor, application)).id,
          name,
          description,
          createdBy: subject.id,
        },
        include: { application: { select: { id: true, name: true } } },
      });
      await tx.configVariant.create({
        data: {
          id: newId("configVariant"),
          projectId,
          configId: config.id,
          name: FIRST_VARIANT,
          createdBy: subject.id,
        },
      });
      await emitConfigEvent(tx, "variant.created", {
        config,
        variant: FIRST_VARIANT,
        occurredAt: await databaseNow(tx),
      });
      return readConfiguration(tx, projectId, config.id);
    }),
  );
}

/** @throws AppError "not_found"; "conflict" at the limit of applications */
export async function updateConfiguration(
  actor: Actor,
  configId: string,
  { description, application, archived }: z.output<typeof updateConfigurationBody>,
): Promise<Configuration> {
  authorise(actor, "configs:write");
  const { projectId } = actor;
  return transaction(async (tx) => {
    await lockProject(tx, projectId);
    const { archivedAt } = await lockConfiguration(tx, projectId, configId, "change");
    await tx.configuration.update({
      where: { id: configId },
      data: {
        ...(description !== undefined && { description }),
        ...(application !== undefined && { applicationId: (await obtainApplication(tx, actor, application)).id }),
        ...(archived !== undefined && { archivedAt: archived ? (archivedAt ?? (await databaseNow(tx))) : null }),
      },
    });
    return readConfiguration(tx, projectId, configId);
  });
}

/** The application of this name, made where there is none. Needs the project's lock. */
async function obtainApplication(tx: Tx, actor: Actor, name: string): Promise<{ id: string }> {
  const found = await tx.application.findFirst({ where: { projectId: actor.projectId, name }, select: { id: true } });
  return found ?? insertApplication(tx, actor, { name });
}

async function insertFirstEnvironments(tx: Tx, { projectId, subject }: Actor): Promise<void> {
  for (const environment of FIRST_ENVIRONMENTS) {
    // One after another, so that their ids keep the order.
    await tx.environment.createMany({
      data: [{ ...environment, id: newId("environment"), projectId, createdBy: subject.id }],
      skipDuplicates: true,
    });
  }
}
