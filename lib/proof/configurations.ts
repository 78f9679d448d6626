import type { Actor } from "@/lib/accounts/actor";
import { publishAndRun, publishFor } from "@/lib/artifacts/service";
import { rollBack } from "@/lib/configurations/deployments";
import { createEvaluation, updateEvaluation } from "@/lib/configurations/evaluations";
import { createTestConfiguration, testCommit, testDeploy } from "@/lib/configurations/testing";
import { createVariant, deleteVariant } from "@/lib/configurations/variants";
import { publishArtifactBody } from "@/lib/contracts/artifacts";
import { createVariantBody } from "@/lib/contracts/configurations";
import { rollbackBody } from "@/lib/contracts/deployments";
import { createEvaluationBody } from "@/lib/contracts/evaluations";
import type { Proof } from "@/lib/proof/proof";

/** What raises the events of configurations and artifacts. */
export const CONFIGURATION_PROOFS: readonly Proof[] = [
  {
    type: "config.committed",
    operation: "a version of a configuration is committed",
    raise: async ({ actor }) => {
      const { config, version } = await commit(actor);
      return { config_id: config.id, version_id: version.id, version: 1, message: "First" };
    },
  },
  {
    type: "config.deployed",
    operation: "a version is deployed to an environment",
    raise: async ({ actor }) => {
      const { config, version } = await commit(actor);
      const { id } = await testDeploy(actor, config.id, { environment: "staging" });
      return { deployment_id: id, version_id: version.id, environment: "staging", previous: null };
    },
  },
  {
    type: "config.deployed",
    operation: "an environment goes back to an earlier deployment",
    raise: async ({ actor }) => {
      const { config } = await commit(actor);
      const first = await testDeploy(actor, config.id);
      await testCommit(actor, config.id, { source: "image: example/vllm:2\n", base_version: 1 });
      await testDeploy(actor, config.id, { version: 2 });
      await rollBack(actor, config.id, first.id, rollbackBody.parse({ message: "Too slow" }));
      return { config_id: config.id, rollback_of: first.id, version: 1 };
    },
  },
  {
    type: "variant.created",
    operation: "a variant of a configuration is created",
    raise: async ({ actor }) => {
      const { config } = await commit(actor);
      await createVariant(actor, config.id, createVariantBody.parse({ name: "low-memory" }));
      return { config_id: config.id, variant: "low-memory" };
    },
  },
  {
    type: "variant.created",
    operation: "a configuration is created, with its first variant",
    raise: async ({ actor }) => {
      const { id } = await createTestConfiguration(actor);
      return { config_id: id, variant: "default" };
    },
  },
  {
    type: "variant.deleted",
    operation: "a variant of a configuration is deleted",
    raise: async ({ actor }) => {
      const { config } = await commit(actor);
      await createVariant(actor, config.id, createVariantBody.parse({ name: "low-memory" }));
      await deleteVariant(actor, config.id, "low-memory", { evenIfDeployed: false });
      return { config_id: config.id, variant: "low-memory" };
    },
  },
  {
    type: "evaluation.completed",
    operation: "an evaluation of a version that was running is completed",
    raise: async ({ actor }) => {
      const { config, version } = await commit(actor);
      const body = createEvaluationBody.parse({ version_id: version.id, name: "Suite", status: "running" });
      const { id } = await createEvaluation(actor, config.id, body);
      await updateEvaluation(actor, config.id, id, { status: "completed", score: 0.9, metrics: { f1: 1 } });
      return { evaluation_id: id, score: 0.9, metrics: { f1: 1 } };
    },
  },
  {
    type: "evaluation.completed",
    operation: "the result of an evaluation is recorded",
    raise: async ({ actor }) => {
      const { config, version } = await commit(actor);
      const body = createEvaluationBody.parse({ version_id: version.id, name: "Suite", score: 0.5 });
      const { id } = await createEvaluation(actor, config.id, body);
      return { evaluation_id: id, score: 0.5, metrics: {} };
    },
  },
  {
    type: "artifact.published",
    operation: "somebody publishes an artifact",
    raise: async ({ actor }) => {
      const body = publishArtifactBody.parse({ type: "report", payload: { rows: 3 }, produced_by: "nightly" });
      const { artifact } = await publishFor(actor, body);
      return { artifact_id: artifact.id, type: "report", produced_by: "nightly" };
    },
  },
  {
    type: "artifact.published",
    operation: "a processor makes an artifact of another",
    raise: async ({ actor }) => {
      const payload = { snapshot_id: "snp_1", instance_id: "ins_1", size_bytes: 3, checksums: { a: "sha256:1" } };
      const body = publishArtifactBody.parse({ type: "snapshot.completed", payload, produced_by: "test" });
      const { artifact } = await publishAndRun(actor, body);
      return { type: "snapshot.manifest", produced_by: "snapshot-manifest", parent_id: artifact.id };
    },
  },
];

async function commit(actor: Actor) {
  const config = await createTestConfiguration(actor);
  const body = { source: "image: example/vllm:1\n", message: "First", base_version: 0 };
  return { config, version: await testCommit(actor, config.id, body) };
}
