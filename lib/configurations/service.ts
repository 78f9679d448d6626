import { storedTemplate } from "@/lib/configurations/view";
import type { LaunchTemplate } from "@/lib/contracts/launch-template";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";

/** What other domains ask of configurations. */

export type DeployedTemplate = {
  configId: string;
  versionId: string;
  variant: string;
  version: number;
  template: LaunchTemplate;
  /** Name of the application that it belongs to. */
  application: string;
};

/**
 * What is in force of a configuration in an environment, both by name: what a reservation that names them boots. An
 * archived configuration stays in force.
 * @param environment null: whichever it was deployed to last
 * @returns null when there is no such configuration or environment, or nothing of the one was deployed to the other
 */
export async function deployedTemplate(
  client: Tx | typeof db,
  projectId: string,
  config: string,
  environment: string | null,
): Promise<DeployedTemplate | null> {
  const deployment = await client.deployment.findFirst({
    where: {
      config: { projectId, name: config },
      ...(environment !== null && { environment: { projectId, name: environment } }),
    },
    orderBy: environment === null ? { id: "desc" } : { number: "desc" },
    include: {
      version: { include: { variant: { select: { name: true } } } },
      config: { select: { application: { select: { name: true } } } },
    },
  });
  if (!deployment) return null;
  const { id, variant, version, content } = deployment.version;
  return {
    configId: deployment.configId,
    versionId: id,
    variant: variant.name,
    version,
    template: storedTemplate(content),
    application: deployment.config.application.name,
  };
}
