import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { deleteApplication, listApplications } from "@/lib/configurations/applications";
import { createConfiguration, updateConfiguration } from "@/lib/configurations/configurations";
import { listDeployments } from "@/lib/configurations/deployment-queries";
import { deploy, rollBack } from "@/lib/configurations/deployments";
import {
  createEnvironment,
  deleteEnvironment,
  listEnvironments,
  updateEnvironment,
} from "@/lib/configurations/environments";
import { createEvaluation, listEvaluations, updateEvaluation } from "@/lib/configurations/evaluations";
import { getConfiguration, listConfigurations } from "@/lib/configurations/queries";
import { deployedTemplate } from "@/lib/configurations/service";
import {
  commitVersions,
  createTestConfiguration,
  eventsOf,
  testCommit,
  testDeploy,
} from "@/lib/configurations/testing";
import { createVariant, deleteVariant } from "@/lib/configurations/variants";
import { diffVersions, getVersion, listVersions } from "@/lib/configurations/versions";
import { type Configuration, createVariantBody } from "@/lib/contracts/configurations";
import { deployBody, rollbackBody } from "@/lib/contracts/deployments";
import { createEvaluationBody } from "@/lib/contracts/evaluations";
import { ROLE_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { createTestProject, testActor } from "@/lib/webhooks/testing";

const SOURCE = "# what we serve\nimage: example/vllm:1\nenv:\n  MODEL: llama\n";
const page = { limit: 50 };

describe("configurations", () => {
  let actor: Actor;
  let config: Configuration;
  beforeEach(async () => {
    actor = await createTestProject("owner");
    config = await createTestConfiguration(actor);
  });

  it("brings its application, one empty variant and, as the project's first, three environments", async () => {
    expect(config).toMatchObject({ application: { name: "Assistant" }, in_force: [] });
    expect(config.variants).toMatchObject([{ name: "default", head: 0, head_id: null }]);
    const { data } = await listEnvironments(actor, page);
    expect(data.map(({ name, protected: closed }) => [name, closed])).toEqual([
      ["development", false],
      ["staging", false],
      ["production", true],
    ]);
    await createTestConfiguration(actor, "second");
    expect((await listApplications(actor, page)).data).toMatchObject([{ name: "Assistant", configurations: 2 }]);
    expect(await db.environment.count({ where: { projectId: actor.projectId } })).toBe(3);
  });

  it("has a name that no other of the project has", async () => {
    await expect(createTestConfiguration(actor)).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "name" }],
    });
    await expect(createTestConfiguration(await createTestProject())).resolves.toMatchObject({ name: config.name });
  });

  it("is listed by application and name, page by page", async () => {
    for (const name of ["b", "a", "c"]) await createConfiguration(actor, { name, application: "Zoo", description: "" });
    await createConfiguration(actor, { name: "z", application: "Apes", description: "" });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const found = await listConfigurations(actor, { limit: 2, cursor, archived: "false" });
      names.push(...found.data.map(({ name }) => name));
      cursor = found.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(names).toEqual(["z", "llm-serving", "a", "b", "c"]);
    const zoo = await listConfigurations(actor, { limit: 50, application: "Zoo", archived: "false" });
    expect(zoo.data).toHaveLength(3);
    await expect(
      listConfigurations(actor, { limit: 2, cursor: newId("configuration"), archived: "false" }),
    ).rejects.toMatchObject({ code: "invalid_cursor" });
  });

  it("keeps the text as it was written and what it says", async () => {
    const committed = await testCommit(actor, config.id, { source: SOURCE, message: "First", base_version: 0 });
    expect(committed).toMatchObject({ variant: "default", version: 1, source: SOURCE, format: "yaml", parent: null });
    expect(committed.content).toMatchObject({ image: "example/vllm:1", env: { MODEL: "llama" }, disk_gb: 64 });
    const [event] = await eventsOf(actor.projectId, "config.committed");
    expect(event).toMatchObject({
      application: "Assistant",
      environment: null,
      correlationId: committed.correlation_id,
      data: { config_id: config.id, config: "llm-serving", variant: "default", version: 1, message: "First" },
    });
    expect(event?.data.changed).toContain("env.MODEL");
  });

  it("refuses a text that is no launch template, naming field and line, and changes nothing", async () => {
    const wrong = testCommit(actor, config.id, { source: "image: a\nports: [0]\n", base_version: 0 });
    await expect(wrong).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "source.ports[0]", message: expect.stringContaining("Line 2: ") }],
    });
    expect(await db.configVersion.count({ where: { configId: config.id } })).toBe(0);
    expect((await getConfiguration(actor, config.id)).variants[0]?.head).toBe(0);
  });

  it("tells who comes late what is there now", async () => {
    await testCommit(actor, config.id, { source: SOURCE, base_version: 0 });
    await testCommit(actor, config.id, { source: SOURCE.replace("llama", "qwen"), base_version: 1 });
    const late = testCommit(actor, config.id, { source: "image: mine\n", base_version: 1 });
    await expect(late).rejects.toMatchObject({
      code: "version_conflict",
      extras: { current_version: 2, changed: [{ field: "env.MODEL", was: "llama", is: "qwen" }] },
    });
    await expect(testCommit(actor, config.id, { source: "image: mine\n", base_version: 9 })).rejects.toMatchObject({
      code: "version_conflict",
    });
    const same = testCommit(actor, config.id, { source: SOURCE.replace("llama", "qwen"), base_version: 2 });
    await expect(same).rejects.toMatchObject({ code: "conflict" });
  });

  it("compares any two versions, also of different formats and variants", async () => {
    const first = await testCommit(actor, config.id, { source: SOURCE, base_version: 0 });
    await createVariant(
      actor,
      config.id,
      createVariantBody.parse({ name: "json", from: { variant: "default", version: 1 } }),
    );
    const json = JSON.stringify({ image: "example/vllm:2", env: { MODEL: "llama" } }, null, 2);
    const second = await testCommit(actor, config.id, { source: json, format: "json", base_version: 1 }, "json");
    const diff = await diffVersions(actor, config.id, { from: first.id, to: second.id });
    expect(diff.changes).toEqual([{ field: "image", kind: "changed", from: "example/vllm:1", to: "example/vllm:2" }]);
    expect(diff.lines.filter(({ kind }) => kind === "removed").map(({ text }) => text)).toContain(
      '  "image": "example/vllm:1",',
    );
    await expect(diffVersions(actor, config.id, { from: first.id, to: newId("configVersion") })).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "to" }],
    });
  });

  it("makes a variant of a version, with that as its parent", async () => {
    const [origin] = await commitVersions(actor, config.id, 2);
    const made = await createVariant(
      actor,
      config.id,
      createVariantBody.parse({ name: "low-memory", from: { variant: "default", version: 1 } }),
    );
    expect(made).toMatchObject({ name: "low-memory", head: 1 });
    expect(await getVersion(actor, config.id, made.head_id ?? "")).toMatchObject({
      source: origin?.source,
      parent: { id: origin?.id, variant: "default", version: 1 },
    });
    expect((await eventsOf(actor.projectId, "variant.created")).map(({ data }) => data.variant)).toEqual([
      "default",
      "low-memory",
    ]);
    const nothing = createVariant(actor, config.id, { name: "x", from: { variant: "default", version: 7 } });
    await expect(nothing).rejects.toMatchObject({ errors: [{ field: "from.version" }] });
  });

  it("deletes a variant, but not the last, nor one in force unless that is said", async () => {
    await commitVersions(actor, config.id, 1);
    const remove = (name: string, evenIfDeployed = false) => deleteVariant(actor, config.id, name, { evenIfDeployed });
    await expect(remove("default")).rejects.toMatchObject({ code: "conflict" });
    await createVariant(actor, config.id, { name: "other" });
    await testDeploy(actor, config.id);
    await expect(remove("default")).rejects.toMatchObject({ code: "conflict", message: /in force in staging/ });
    await remove("default", true);
    await expect(remove("default")).rejects.toMatchObject({ code: "not_found" });
    expect(await eventsOf(actor.projectId, "variant.deleted")).toHaveLength(1);
    const { variants, in_force } = await getConfiguration(actor, config.id);
    expect(variants.map(({ name }) => name)).toEqual(["other"]);
    expect(in_force).toMatchObject([{ environment: "staging", version: { variant: "default", version: 1 } }]);
    expect((await deployedTemplate(db, actor.projectId, config.name, "staging"))?.template.image).toBe("example/app:1");
    expect((await listVersions(actor, config.id, page)).data).toMatchObject([
      { variant: "default", variant_deleted: true },
    ]);
    await expect(createVariant(actor, config.id, { name: "default" })).resolves.toMatchObject({ head: 0 });
  });

  it("deploys, tells what would change first, and goes back", async () => {
    await commitVersions(actor, config.id, 2);
    const first = await testDeploy(actor, config.id, { message: "Try it" });
    expect(first).toMatchObject({ number: 1, current: true, version: { version: 1 }, rollback_of: null });
    const wanted = deployBody.parse({ environment: "staging", variant: "default", version: 2, dry_run: true });
    expect(await deploy(actor, config.id, wanted)).toMatchObject({
      number: 2,
      current: { number: 1, version: { version: 1 } },
      changes: [{ field: "image", from: "example/app:1", to: "example/app:2" }],
    });
    expect(await db.deployment.count({ where: { configId: config.id } })).toBe(1);

    const second = await testDeploy(actor, config.id, { version: 2, base_number: 1 });
    await expect(testDeploy(actor, config.id, { version: 1, base_number: 1 })).rejects.toMatchObject({
      code: "version_conflict",
      extras: { current_version: 2 },
    });
    await expect(rollBack(actor, config.id, second.id, rollbackBody.parse({}))).rejects.toMatchObject({
      code: "conflict",
    });
    const back = await rollBack(actor, config.id, first.id, rollbackBody.parse({ message: "Too slow" }));
    expect(back).toMatchObject({ number: 3, version: { version: 1 }, rollback_of: { id: first.id, number: 1 } });

    const { data } = await listDeployments(actor, config.id, { limit: 50, environment: "staging" });
    expect(data.map(({ number, current }) => [number, current])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ]);
    const events = await eventsOf(actor.projectId, "config.deployed");
    expect(events.map(({ data }) => [data.number, data.rollback_of])).toEqual([
      [1, null],
      [2, null],
      [3, first.id],
    ]);
    expect(events[2]).toMatchObject({
      application: "Assistant",
      environment: "staging",
      data: { environment: "staging", variant: "default", version: 1, previous: { version: 2 } },
    });
    expect((await deployedTemplate(db, actor.projectId, config.name, "staging"))?.version).toBe(1);
    expect(await deployedTemplate(db, actor.projectId, config.name, "production")).toBeNull();
    expect(await deployedTemplate(db, newId("project"), config.name, "staging")).toBeNull();
  });

  it("groups a commit and its deployment by the correlation id that is sent", async () => {
    await testCommit(actor, config.id, { source: SOURCE, base_version: 0, correlation_id: "run-17" });
    await testDeploy(actor, config.id, { correlation_id: "run-17" });
    const events = await db.event.findMany({ where: { projectId: actor.projectId, correlationId: "run-17" } });
    expect(events.map(({ type }) => type).sort()).toEqual(["config.committed", "config.deployed"]);
    expect(await db.workflow.count({ where: { projectId: actor.projectId, correlationId: "run-17" } })).toBe(1);
  });

  it("lets only who manages the project deploy to a protected environment", async () => {
    await commitVersions(actor, config.id, 1);
    const member = testActor(actor.projectId, "member");
    await expect(testDeploy(member, config.id, { environment: "production" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(testDeploy(member, config.id)).resolves.toMatchObject({ number: 1 });
    const key: Actor = { ...member, role: null, subject: { kind: "api_key", id: newId("apiKey") } };
    const strong = { ...key, permissions: new Set([...ROLE_PERMISSIONS.member, "project:manage" as const]) };
    await expect(testDeploy(key, config.id, { environment: "production" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(testDeploy(strong, config.id, { environment: "production" })).resolves.toMatchObject({ number: 1 });
    const [environment] = (await listEnvironments(actor, page)).data;
    await expect(updateEnvironment(member, environment?.id ?? "", { protected: true })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(createEnvironment(member, { name: "vault", protected: true })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("keeps an environment that something was deployed to", async () => {
    await commitVersions(actor, config.id, 1);
    await testDeploy(actor, config.id);
    const [development, staging] = (await listEnvironments(actor, page)).data;
    await expect(deleteEnvironment(actor, staging?.id ?? "")).rejects.toMatchObject({ code: "conflict" });
    await deleteEnvironment(actor, development?.id ?? "");
    expect((await listEnvironments(actor, page)).data.map(({ name }) => name)).toEqual(["staging", "production"]);
  });

  it("takes nothing while it is archived, and stays in force", async () => {
    await commitVersions(actor, config.id, 1);
    await testDeploy(actor, config.id);
    await updateConfiguration(actor, config.id, { archived: true });
    const refused = { code: "conflict" };
    await expect(testCommit(actor, config.id, { source: SOURCE, base_version: 1 })).rejects.toMatchObject(refused);
    await expect(testDeploy(actor, config.id)).rejects.toMatchObject(refused);
    await expect(createVariant(actor, config.id, { name: "x" })).rejects.toMatchObject(refused);
    expect((await listConfigurations(actor, { limit: 50, archived: "false" })).data).toEqual([]);
    expect((await listConfigurations(actor, { limit: 50, archived: "true" })).data).toHaveLength(1);
    expect(await deployedTemplate(db, actor.projectId, config.name, "staging")).not.toBeNull();
    await updateConfiguration(actor, config.id, { archived: false, application: "Other" });
    expect(await getConfiguration(actor, config.id)).toMatchObject({
      application: { name: "Other" },
      archived_at: null,
    });
  });

  it("deletes an application only when it is empty", async () => {
    const [application] = (await listApplications(actor, page)).data;
    await expect(deleteApplication(actor, application?.id ?? "")).rejects.toMatchObject({ code: "conflict" });
    await updateConfiguration(actor, config.id, { application: "Other" });
    await deleteApplication(actor, application?.id ?? "");
    expect((await listApplications(actor, page)).data.map(({ name }) => name)).toEqual(["Other"]);
  });

  it("records evaluations, and tells once that one is completed", async () => {
    const [version] = await commitVersions(actor, config.id, 1);
    const body = (more: object) => createEvaluationBody.parse({ version_id: version?.id, name: "Suite", ...more });
    const running = await createEvaluation(actor, config.id, body({ status: "running" }));
    expect(running).toMatchObject({ status: "running", score: null, completed_at: null });
    expect(await eventsOf(actor.projectId, "evaluation.completed")).toEqual([]);
    await expect(updateEvaluation(actor, config.id, running.id, { status: "completed" })).rejects.toMatchObject({
      errors: [{ field: "score" }],
    });
    const done = await updateEvaluation(actor, config.id, running.id, {
      status: "completed",
      score: 0.9,
      metrics: { f1: 1 },
    });
    expect(done).toMatchObject({ status: "completed", score: 0.9, completed_at: expect.any(String) });
    await expect(updateEvaluation(actor, config.id, running.id, { score: 1 })).rejects.toMatchObject({
      code: "conflict",
    });
    await createEvaluation(actor, config.id, body({ status: "failed" }));
    const events = await eventsOf(actor.projectId, "evaluation.completed");
    expect(events).toHaveLength(1);
    expect(events[0]?.data).toMatchObject({ config: "llm-serving", version: 1, score: 0.9, metrics: { f1: 1 } });
    expect((await listEvaluations(actor, config.id, page)).data.map(({ status }) => status)).toEqual([
      "failed",
      "completed",
    ]);
  });

  it("is not there for another project", async () => {
    const [version] = await commitVersions(actor, config.id, 1);
    const deployment = await testDeploy(actor, config.id);
    const evaluation = await createEvaluation(
      actor,
      config.id,
      createEvaluationBody.parse({ version_id: version?.id, name: "x", score: 1 }),
    );
    const [environment] = (await listEnvironments(actor, page)).data;
    const [application] = (await listApplications(actor, page)).data;
    const stranger = await createTestProject("owner");
    const own = await createTestConfiguration(stranger);
    const tries: (() => Promise<unknown>)[] = [
      () => getConfiguration(stranger, config.id),
      () => updateConfiguration(stranger, config.id, { archived: true }),
      () => createVariant(stranger, config.id, { name: "x" }),
      () => deleteVariant(stranger, config.id, "default", { evenIfDeployed: true }),
      () => testCommit(stranger, config.id, { source: SOURCE, base_version: 1 }),
      () => listVersions(stranger, config.id, page),
      () => getVersion(stranger, config.id, version?.id ?? ""),
      () => getVersion(stranger, own.id, version?.id ?? ""),
      () => diffVersions(stranger, config.id, { from: version?.id ?? "", to: version?.id ?? "" }),
      () => testDeploy(stranger, config.id),
      () => listDeployments(stranger, config.id, page),
      () => rollBack(stranger, own.id, deployment.id, rollbackBody.parse({})),
      () => listEvaluations(stranger, config.id, page),
      () => updateEvaluation(stranger, own.id, evaluation.id, { note: "x" }),
      () => deleteEnvironment(stranger, environment?.id ?? ""),
      () => updateEnvironment(stranger, environment?.id ?? "", { protected: true }),
      () => deleteApplication(stranger, application?.id ?? ""),
    ];
    for (const attempt of tries)
      await expect(attempt(), attempt.toString()).rejects.toMatchObject({ code: "not_found" });
    const foreign = createEvaluation(
      stranger,
      own.id,
      createEvaluationBody.parse({ version_id: version?.id, name: "x", score: 1 }),
    );
    await expect(foreign).rejects.toMatchObject({ code: "validation_failed" });
  });
});
