import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { commit } from "@/lib/configurations/commits";
import { createConfiguration } from "@/lib/configurations/configurations";
import { deploy } from "@/lib/configurations/deployments";
import { type CommittedVersion, commitBody } from "@/lib/contracts/config-versions";
import type { Configuration } from "@/lib/contracts/configurations";
import { type Deployment, type DeploymentPreview, deployBody } from "@/lib/contracts/deployments";
import { db } from "@/lib/db/client";

/** What tests of configurations have in common: the same way as the API, through the contract and the service. */

export function createTestConfiguration(actor: Actor, name = "llm-serving"): Promise<Configuration> {
  return createConfiguration(actor, { name, application: "Assistant", description: "" });
}

export function testCommit(
  actor: Actor,
  configId: string,
  body: z.input<typeof commitBody>,
  variant = "default",
): Promise<CommittedVersion> {
  return commit(actor, configId, variant, commitBody.parse(body));
}

/** So many versions, one after another, of which each differs from the one before. */
export async function commitVersions(actor: Actor, configId: string, count: number): Promise<CommittedVersion[]> {
  const committed: CommittedVersion[] = [];
  for (let base = 0; base < count; base += 1) {
    const source = `image: example/app:${base + 1}\n`;
    committed.push(await testCommit(actor, configId, { source, base_version: base }));
  }
  return committed;
}

export async function testDeploy(
  actor: Actor,
  configId: string,
  body: Partial<z.input<typeof deployBody>> = {},
): Promise<Deployment> {
  const parsed = deployBody.parse({ environment: "staging", variant: "default", version: 1, ...body });
  const done: Deployment | DeploymentPreview = await deploy(actor, configId, parsed);
  if (!("id" in done)) throw new Error("That was a dry run.");
  return done;
}

/** The bodies of the project's events of a type, oldest first. */
export async function eventsOf(projectId: string, type: string) {
  const rows = await db.event.findMany({ where: { projectId, type }, orderBy: { id: "asc" } });
  return rows.map(({ application, environment, correlationId, body }) => ({
    application,
    environment,
    correlationId,
    data: JSON.parse(body).data as Record<string, unknown>,
  }));
}
