import { DEFAULT_LAUNCH_TEMPLATE, type LaunchTemplate, launchTemplateSchema } from "@/lib/contracts/launch-template";
import type { Tx } from "@/lib/db/transaction";

export type WhatToBoot = {
  template: LaunchTemplate;
  versionId: string | null;
  application: string | null;
  /** Why it is not what was asked for, or does not fit; null: it is. */
  warning: string | null;
};

type Deployed = { content: unknown; version_id: string; application: string };

/**
 * What is in force of a configuration in an environment, or in whichever it was deployed to last where none is named; a
 * plain machine where there is none, with a warning.
 * @param gpuType what it will boot on
 */
export async function whatToBoot(
  tx: Tx,
  projectId: string,
  { config, environment, gpuType }: { config: string | null; environment: string | null; gpuType: string },
): Promise<WhatToBoot> {
  const plain = { template: DEFAULT_LAUNCH_TEMPLATE, versionId: null, application: null };
  if (config === null) return { ...plain, warning: null };
  const [found] = await tx.$queryRaw<Deployed[]>`
    SELECT v.content, v.id AS version_id, a.name AS application
      FROM configuration c
      JOIN application a ON a.id = c.application_id
      JOIN deployment d ON d.config_id = c.id
      JOIN environment e ON e.id = d.environment_id
      JOIN config_version v ON v.id = d.version_id
     WHERE c.project_id = ${projectId} AND c.name = ${config} AND (${environment}::text IS NULL OR e.name = ${environment})
     ORDER BY CASE WHEN ${environment}::text IS NULL THEN d.created_at END DESC, d.number DESC, d.id DESC LIMIT 1`;
  const where = environment === null ? "" : ` to "${environment}"`;
  if (!found) {
    const warning = `The configuration "${config}" is not deployed${where}: a plain machine boots instead.`;
    return { ...plain, warning };
  }
  const template = launchTemplateSchema.parse(found.content);
  const misfit = template.gpu_type !== null && template.gpu_type !== gpuType;
  return {
    template,
    versionId: found.version_id,
    application: found.application,
    warning: misfit ? `The configuration "${config}" is made for ${template.gpu_type}, and this is ${gpuType}.` : null,
  };
}
