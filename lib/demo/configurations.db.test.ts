import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { listDeployments } from "@/lib/configurations/deployment-queries";
import { listConfigurations } from "@/lib/configurations/queries";
import { deployedTemplate } from "@/lib/configurations/service";
import { testCommit, testDeploy } from "@/lib/configurations/testing";
import { diffVersions, listVersions } from "@/lib/configurations/versions";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { demoConfigOf, seedConfigurations } from "@/lib/demo/configurations";
import { createTestProject } from "@/lib/webhooks/testing";

describe("demo configurations", () => {
  let actor: Actor;
  const now = new Date();
  beforeAll(async () => {
    actor = await createTestProject("owner");
    await transaction((tx) => seedConfigurations(tx, actor.projectId, now));
  });
  const list = async () => (await listConfigurations(actor, { limit: 50, archived: "false" })).data;

  it("are three of two applications, deployed in three environments", async () => {
    const configs = await list();
    expect(configs.map(({ name, application }) => `${application.name}: ${name}`)).toEqual([
      "Assistant: embedding-index",
      "Assistant: llm-serving",
      "Training: fine-tuning",
    ]);
    const serving = configs[1];
    expect(
      serving?.in_force.map(({ environment, version }) => `${environment} ${version.variant} ${version.version}`),
    ).toEqual(["development low-memory 2", "production default 4", "staging default 5"]);
    const { data } = await listDeployments(actor, serving?.id ?? "", { limit: 50, environment: "production" });
    expect(data.map(({ number, rollback_of }) => [number, rollback_of?.number ?? null])).toEqual([
      [5, null],
      [4, 2],
      [3, null],
      [2, null],
      [1, null],
    ]);
  });

  it("behave like any other: they are compared, committed to and deployed", async () => {
    const serving = (await list())[1];
    const { data } = await listVersions(actor, serving?.id ?? "", { limit: 50, variant: "default" });
    expect(data.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    const diff = await diffVersions(actor, serving?.id ?? "", { from: data[1]?.id ?? "", to: data[0]?.id ?? "" });
    expect(diff.changes.map(({ field }) => field)).toEqual(["image", "env.MAX_MODEL_LEN"]);
    await testCommit(actor, serving?.id ?? "", { source: "image: a\n", base_version: 5 });
    expect(await testDeploy(actor, serving?.id ?? "", { environment: "production", version: 6 })).toMatchObject({
      number: 6,
    });
  });

  it("are what the demo's bookings name", async () => {
    for (const title of ["Llama fine-tuning", "Evaluation sweep", "Retrieval index"]) {
      const name = demoConfigOf(title) ?? "";
      expect(await deployedTemplate(db, actor.projectId, name, "production"), name).not.toBeNull();
    }
    expect(demoConfigOf("")).toBeNull();
  });

  it("are left alone where there are any", async () => {
    await transaction((tx) => seedConfigurations(tx, actor.projectId, now));
    expect(await list()).toHaveLength(3);
  });
});
