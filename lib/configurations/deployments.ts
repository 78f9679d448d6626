import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { type NameOf, readNames } from "@/lib/accounts/names";
import {
  currentDeployment,
  readDeployment,
  type ShownDeployment,
  shownWith,
  toDeployment,
} from "@/lib/configurations/deployment-queries";
import { emitConfigEvent } from "@/lib/configurations/events";
import { lockConfiguration, requireMayDeploy, requireNotArchived } from "@/lib/configurations/guards";
import { compareRows, findVersion } from "@/lib/configurations/versions";
import { toEnvironment, toVersionRef, type VersionWithVariant, withVariant } from "@/lib/configurations/view";
import type { Deployment, DeploymentPreview, deployBody, rollbackBody } from "@/lib/contracts/deployments";
import { databaseNow } from "@/lib/db/clock";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError, invalidField, notFound } from "@/lib/errors";
import type { Environment as EnvironmentRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { beginWorkflow } from "@/lib/workflows/service";

type Options = z.output<typeof rollbackBody>;

/** What is to be put into force, and where. */
type Wanted = { environment: EnvironmentRow; version: VersionWithVariant; rollbackOf: string | null };

/**
 * Puts a version into force in an environment. Deployments of one configuration are made one after another, so that
 * their numbers have no gap. A dry run tells what would change.
 * @throws AppError "not_found"; "validation_failed" for what is not there; "forbidden" for a protected environment;
 *   "version_conflict" when another deployment came first; "conflict" when the configuration is archived
 */
export async function deploy(
  actor: Actor,
  configId: string,
  { environment: environmentName, variant, version, ...options }: z.output<typeof deployBody>,
): Promise<Deployment | DeploymentPreview> {
  const { projectId } = actor;
  return perform(actor, configId, options, async (tx) => {
    // It can be neither deleted nor protected meanwhile.
    await tx.$queryRaw`SELECT id FROM environment WHERE project_id = ${projectId} AND name = ${environmentName} FOR SHARE`;
    const environment = await tx.environment.findFirst({ where: { projectId, name: environmentName } });
    if (!environment)
      throw invalidField("environment", `There is no environment "${environmentName}" in this project.`);
    return { environment, version: await findVersion(tx, configId, { variant, version }), rollbackOf: null };
  });
}

/**
 * Goes back to what an earlier deployment put into force, by a new deployment.
 * @throws AppError as `deploy`; "conflict" also for the deployment that is in force
 */
export async function rollBack(
  actor: Actor,
  configId: string,
  deploymentId: string,
  options: Options,
): Promise<Deployment | DeploymentPreview> {
  return perform(actor, configId, options, async (tx) => {
    const earlier = await tx.deployment.findFirst({
      where: { id: deploymentId, configId, projectId: actor.projectId },
      include: { environment: true, version: { include: withVariant } },
    });
    if (!earlier) throw notFound("deployment");
    const { environment, version, number } = earlier;
    const current = await currentDeployment(tx, configId, environment.id);
    if (current?.id === earlier.id) {
      throw new AppError("conflict", `Deployment ${number} is the one in force in ${environment.name}.`);
    }
    return { environment, version, rollbackOf: earlier.id };
  });
}

async function perform(
  actor: Actor,
  configId: string,
  options: Options,
  decide: (tx: Tx) => Promise<Wanted>,
): Promise<Deployment | DeploymentPreview> {
  authorise(actor, "configs:write");
  const { projectId, subject } = actor;
  return transaction(
    async (tx) => {
      const config = await lockConfiguration(tx, projectId, configId, "change");
      requireNotArchived(config);
      const { environment, version, rollbackOf } = await decide(tx);
      requireMayDeploy(actor, environment);
      const current = await currentDeployment(tx, configId, environment.id);
      requireBase(options.base_number, environment.name, current);
      const number = (current?.number ?? 0) + 1;
      const now = await databaseNow(tx);
      const correlationId = await beginWorkflow(tx, {
        projectId,
        by: subject.id,
        kind: "deployment",
        title: `Deploy ${config.name} to ${environment.name}`,
        correlationId: options.correlation_id,
        webhook: options.webhook,
        mayJoinOthers: actor.permissions.has("webhooks:write"),
      });
      const row = await tx.deployment.create({
        data: {
          id: newId("deployment"),
          projectId,
          configId,
          environmentId: environment.id,
          versionId: version.id,
          number,
          rollbackOf,
          message: options.message,
          correlationId,
          createdBy: subject.id,
          createdAt: now,
        },
        include: shownWith,
      });
      await emitConfigEvent(tx, "config.deployed", {
        config,
        variant: version.variant.name,
        data: {
          version: version.version,
          version_id: version.id,
          environment: environment.name,
          deployment_id: row.id,
          number,
          message: options.message,
          rollback_of: rollbackOf,
          previous: current && previousOf(current),
        },
        environment: environment.name,
        occurredAt: now,
        correlationId,
      });
      return options.dry_run
        ? previewOf(tx, { environment, version, rollbackOf }, { number, current })
        : readDeployment(tx, row);
    },
    { dryRun: options.dry_run },
  );
}

/** @throws AppError "version_conflict" */
function requireBase(base: number | undefined, environment: string, current: ShownDeployment | null): void {
  const number = current?.number ?? 0;
  if (base === undefined || base === number) return;
  const is = current ? `deployment ${number}, ${current.version.variant.name} ${current.version.version}` : "nothing";
  throw new AppError("version_conflict", `In ${environment}, ${is} is in force by now. Look at what would change.`, {
    errors: [{ field: "base_number", message: `The newest deployment is ${number}.` }],
    extras: { current_version: number },
  });
}

async function previewOf(
  tx: Tx,
  { environment, version }: Wanted,
  { number, current }: { number: number; current: ShownDeployment | null },
): Promise<DeploymentPreview> {
  const before = current && (await tx.configVersion.findUniqueOrThrow({ where: { id: current.versionId } }));
  const nameOf: NameOf = await readNames(tx, current ? [current.createdBy] : []);
  return {
    environment: toEnvironment(environment),
    number,
    current: current && toDeployment(current, { current: true, rollbackOf: null, nameOf }),
    version: toVersionRef(version),
    ...compareRows(before, version),
  };
}

function previousOf({ version }: ShownDeployment) {
  return { variant: version.variant.name, version: version.version, version_id: version.id };
}
