import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { deleteEnvironment, listEnvironments } from "@/lib/configurations/environments";
import { createEvaluation, updateEvaluation } from "@/lib/configurations/evaluations";
import { getConfiguration } from "@/lib/configurations/queries";
import {
  commitVersions,
  createTestConfiguration,
  eventsOf,
  testCommit,
  testDeploy,
} from "@/lib/configurations/testing";
import { createVariant, deleteVariant } from "@/lib/configurations/variants";
import type { Configuration } from "@/lib/contracts/configurations";
import { createEvaluationBody } from "@/lib/contracts/evaluations";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { AppError } from "@/lib/errors";
import { createTestProject } from "@/lib/webhooks/testing";

/** Many at once on the real database. */

async function race<T>(attempts: readonly Promise<T>[]): Promise<{ won: T[]; codes: string[] }> {
  const settled = await Promise.allSettled(attempts);
  const codes = settled.flatMap((result) => {
    if (result.status === "fulfilled") return [];
    if (!(result.reason instanceof AppError)) throw result.reason;
    return [result.reason.code];
  });
  return { won: settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])), codes };
}

const many = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("many at once", () => {
  let actor: Actor;
  let config: Configuration;
  beforeEach(async () => {
    actor = await createTestProject("owner");
    config = await createTestConfiguration(actor);
  });

  it("takes one of the commits that were made from one version, and tells the others", async () => {
    for (let base = 0; base < 5; base += 1) {
      const { won, codes } = await race(
        many(20).map((n) => testCommit(actor, config.id, { source: `image: a:${base}.${n}\n`, base_version: base })),
      );
      expect(won).toHaveLength(1);
      expect(codes).toEqual(Array(19).fill("version_conflict"));
      expect(won[0]?.version).toBe(base + 1);
    }
    const versions = await db.configVersion.findMany({ where: { configId: config.id }, orderBy: { version: "asc" } });
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
    expect(await eventsOf(actor.projectId, "config.committed")).toHaveLength(5);
  });

  it("numbers deployments without a gap, each environment by itself, one event each", async () => {
    await commitVersions(actor, config.id, 3);
    const environments = ["development", "staging", "production"];
    const { won, codes } = await race(
      many(18).map((n) =>
        testDeploy(actor, config.id, { environment: environments[n % 3] ?? "", version: 1 + (n % 2) }),
      ),
    );
    expect(codes).toEqual([]);
    expect(won).toHaveLength(18);
    for (const environment of environments) {
      const rows = await db.deployment.findMany({
        where: { configId: config.id, environment: { name: environment } },
        orderBy: { number: "asc" },
      });
      expect(rows.map(({ number }) => number)).toEqual(many(6).map((n) => n + 1));
      expect(rows.map(({ createdAt }) => createdAt.getTime())).toEqual(
        rows.map(({ createdAt }) => createdAt.getTime()).sort((a, b) => a - b),
      );
    }
    const told = (await eventsOf(actor.projectId, "config.deployed")).map(
      ({ data }) => `${data.environment} ${data.number}`,
    );
    expect(new Set(told).size).toBe(18);
  });

  it("lets one of those deploy who decided on the same ground", async () => {
    await commitVersions(actor, config.id, 1);
    const { won, codes } = await race(many(12).map(() => testDeploy(actor, config.id, { base_number: 0 })));
    expect(won).toHaveLength(1);
    expect(codes).toEqual(Array(11).fill("version_conflict"));
  });

  it("keeps a variant, whatever is deleted at once, and never deletes one in force unasked", async () => {
    await commitVersions(actor, config.id, 1);
    for (const name of ["a", "b", "c"]) await createVariant(actor, config.id, { name });
    const names = ["default", "a", "b", "c"];
    await race<unknown>([
      ...names.map((name) => deleteVariant(actor, config.id, name, { evenIfDeployed: false })),
      testDeploy(actor, config.id),
    ]);
    const { variants, in_force } = await getConfiguration(actor, config.id);
    expect(variants.length).toBeGreaterThanOrEqual(1);
    for (const { version } of in_force) expect(variants.map(({ name }) => name)).toContain(version.variant);
  });

  it("makes one variant of a name", async () => {
    const { won, codes } = await race(many(10).map(() => createVariant(actor, config.id, { name: "twin" })));
    expect(won).toHaveLength(1);
    expect(codes).toEqual(Array(9).fill("validation_failed"));
  });

  it("never deletes an environment together with a deployment", async () => {
    await commitVersions(actor, config.id, 1);
    const { data } = await listEnvironments(actor, { limit: 50 });
    const { won } = await race<unknown>([
      ...data.map(({ name }) => testDeploy(actor, config.id, { environment: name })),
      ...data.map(({ id }) => deleteEnvironment(actor, id)),
    ]);
    expect(won).toHaveLength(3);
    const deployed = await eventsOf(actor.projectId, "config.deployed");
    expect(await db.deployment.count({ where: { configId: config.id } })).toBe(deployed.length);
  });

  it("completes an evaluation once", async () => {
    const [version] = await commitVersions(actor, config.id, 1);
    const { id } = await createEvaluation(
      actor,
      config.id,
      createEvaluationBody.parse({ version_id: version?.id, name: "x", status: "running" }),
    );
    const { won, codes } = await race(
      many(10).map((score) => updateEvaluation(actor, config.id, id, { status: "completed", score })),
    );
    expect(won).toHaveLength(1);
    expect(codes).toEqual(Array(9).fill("conflict"));
    const events = await eventsOf(actor.projectId, "evaluation.completed");
    expect(events.map(({ data }) => data.score)).toEqual([won[0]?.score]);
  });

  it("makes the first environments once, whoever is first", async () => {
    const other = await createTestProject("owner");
    const { won } = await race(many(8).map((n) => createTestConfiguration(other, `config-${n}`)));
    expect(won).toHaveLength(8);
    expect(await db.environment.count({ where: { projectId: other.projectId } })).toBe(3);
    expect(await db.application.count({ where: { projectId: other.projectId } })).toBe(1);
  });
});

describe("what is only ever added to", () => {
  it("refuses to change or delete versions and deployments, by whatever statement", async () => {
    const actor = await createTestProject("owner");
    const config = await createTestConfiguration(actor);
    await commitVersions(actor, config.id, 1);
    await testDeploy(actor, config.id);
    for (const statement of [
      "UPDATE config_version SET message = 'x'",
      "UPDATE config_version SET content = '{}'",
      "DELETE FROM config_version",
      "UPDATE deployment SET number = 7",
      "DELETE FROM deployment",
    ]) {
      await expect(pool().query(statement), statement).rejects.toMatchObject({ code: "23001" });
    }
    await db.project.delete({ where: { id: actor.projectId } });
    expect(await db.configVersion.count({ where: { projectId: actor.projectId } })).toBe(0);
  });

  it("holds the numbers together by themselves", async () => {
    const actor = await createTestProject("owner");
    const config = await createTestConfiguration(actor);
    const [version] = await commitVersions(actor, config.id, 1);
    const { id: _id, ...deployment } = await testDeploy(actor, config.id);
    const row = await db.deployment.findFirstOrThrow({ where: { configId: config.id } });
    await expect(db.deployment.create({ data: { ...row, id: `${row.id}x` } })).rejects.toThrow(
      /deployment_number_key|Unique/,
    );
    expect(deployment.version.id).toBe(version?.id);
  });
});
