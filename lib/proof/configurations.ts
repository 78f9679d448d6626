import type { Actor } from "@/lib/accounts/actor";
import { publishFor } from "@/lib/artifacts/service";
import { createEvaluation, updateEvaluation } from "@/lib/configurations/evaluations";
import { createTestConfiguration, testCommit, testDeploy } from "@/lib/configurations/testing";
import { createVariant, deleteVariant } from "@/lib/configurations/variants";
import { publishArtifactBody } from "@/lib/contracts/artifacts";
import { createVariantBody } from "@/lib/contracts/configurations";
import { createEvaluationBody } from "@/lib/contracts/evaluations";
import type { Proofs } from "@/lib/proof/proof";

/** What raises the events of configurations and artifacts. */
export const CONFIGURATION_PROOFS: Proofs<"config" | "variant" | "evaluation" | "artifact"> = {
  "config.committed": {
    operation: "a version of a configuration is committed",
    raise: async ({ actor }) => {
      const { config, version } = await commit(actor);
      return { config_id: config.id, version_id: version.id, version: 1, message: "First" };
    },
  },
  "config.deployed": {
    operation: "a version is deployed to an environment, or an environment goes back to an earlier one",
    raise: async ({ actor }) => {
      const { config, version } = await commit(actor);
      const { id } = await testDeploy(actor, config.id, { environment: "staging" });
      return { deployment_id: id, version_id: version.id, environment: "staging", previous: null };
    },
  },
  "variant.created": {
    operation: "a variant of a configuration is created; with a new configuration its first one is",
    raise: async ({ actor }) => {
      const { config } = await commit(actor);
      await createVariant(actor, config.id, createVariantBody.parse({ name: "low-memory" }));
      return { config_id: config.id, variant: "low-memory" };
    },
  },
  "variant.deleted": {
    operation: "a variant of a configuration is deleted",
    raise: async ({ actor }) => {
      const { config } = await commit(actor);
      await createVariant(actor, config.id, createVariantBody.parse({ name: "low-memory" }));
      await deleteVariant(actor, config.id, "low-memory", { evenIfDeployed: false });
      return { config_id: config.id, variant: "low-memory" };
    },
  },
  "evaluation.completed": {
    operation: "an evaluation of a version is recorded as completed, at once or after it ran",
    raise: async ({ actor }) => {
      const { config, version } = await commit(actor);
      const body = createEvaluationBody.parse({ version_id: version.id, name: "Suite", status: "running" });
      const { id } = await createEvaluation(actor, config.id, body);
      await updateEvaluation(actor, config.id, id, { status: "completed", score: 0.9, metrics: { f1: 1 } });
      return { evaluation_id: id, score: 0.9, metrics: { f1: 1 } };
    },
  },
  "artifact.published": {
    operation: "an artifact is published by a call, by a processor, or by the platform at the end of a booking",
    raise: async ({ actor }) => {
      const body = publishArtifactBody.parse({ type: "report", payload: { rows: 3 }, produced_by: "nightly" });
      const { artifact } = await publishFor(actor, body);
      return { artifact_id: artifact.id, type: "report", produced_by: "nightly" };
    },
  },
};

async function commit(actor: Actor) {
  const config = await createTestConfiguration(actor);
  const body = { source: "image: example/vllm:1\n", message: "First", base_version: 0 };
  return { config, version: await testCommit(actor, config.id, body) };
}
