import { deployedTemplate } from "@/lib/configurations/service";
import { DEFAULT_LAUNCH_TEMPLATE, type LaunchTemplate } from "@/lib/contracts/launch-template";
import type { Tx } from "@/lib/db/transaction";

export type WhatToBoot = {
  template: LaunchTemplate;
  versionId: string | null;
  application: string | null;
  /** Why it is not what was asked for, or does not fit; null: it is. */
  warning: string | null;
};

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
  const found = await deployedTemplate(tx, projectId, config, environment);
  const where = environment === null ? "" : ` to "${environment}"`;
  if (!found) {
    const warning = `The configuration "${config}" is not deployed${where}: a plain machine boots instead.`;
    return { ...plain, warning };
  }
  const { template, versionId, application } = found;
  const misfit = template.gpu_type !== null && template.gpu_type !== gpuType;
  const warning = misfit
    ? `The configuration "${config}" is made for ${template.gpu_type}, and this is ${gpuType}.`
    : null;
  return { template, versionId, application, warning };
}
