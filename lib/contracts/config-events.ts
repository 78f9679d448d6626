import { z } from "zod";

const id = (what: string) => z.string().meta({ description: `Id of the ${what}.` });

const configVariant = z.object({
  config_id: id("configuration"),
  config: z.string().meta({ description: "Name of the configuration." }),
  application: z.string().meta({ description: "Name of its application." }),
  variant: z.string(),
});
const config = configVariant.extend({ version: z.number().int().min(1), version_id: id("version") });

const variantExample = {
  config_id: "cfg_01k6q3x8m1n3p5q7r9s1t3v5wy",
  config: "llm-serving",
  application: "Assistant",
  variant: "low-memory",
};
const configExample = {
  ...variantExample,
  variant: "default",
  version: 12,
  version_id: "cvr_01k6q3x9a2b4c6d8e0f2g4h6jk",
};

/** The part of the catalogue of event types that is about configurations. */
export const CONFIG_EVENTS = {
  "config.committed": {
    description: "A new version of a configuration was committed.",
    data: config.extend({
      message: z.string(),
      changed: z.array(z.string()).meta({ description: "Paths of the fields that differ from what it was made from." }),
    }),
    example: { ...configExample, message: "Raise the batch size", changed: ["env.BATCH_SIZE"] },
  },
  "config.deployed": {
    description: "A version of a configuration was deployed to an environment.",
    data: config.extend({
      environment: z.string(),
      deployment_id: id("deployment"),
      number: z.number().int().min(1).meta({ description: "Counts up within configuration and environment." }),
      message: z.string(),
      rollback_of: z.string().nullable().meta({ description: "Id of the deployment it goes back to, for a rollback." }),
      previous: z
        .object({ variant: z.string(), version: z.number().int(), version_id: id("version") })
        .nullable()
        .meta({ description: "What was in force until then." }),
    }),
    example: {
      ...configExample,
      environment: "production",
      deployment_id: "dep_01k6q3y2a2b4c6d8e0f2g4h6jk",
      number: 5,
      message: "Twice as fast in staging",
      rollback_of: null,
      previous: { variant: "default", version: 11, version_id: "cvr_01k6q3v5a2b4c6d8e0f2g4h6jk" },
    },
  },
  "variant.created": {
    description: "A variant of a configuration was created.",
    data: configVariant,
    example: variantExample,
  },
  "variant.deleted": {
    description: "A variant of a configuration was deleted.",
    data: configVariant,
    example: variantExample,
  },
  "evaluation.completed": {
    description: "The evaluation of a configuration version finished.",
    data: config.extend({
      evaluation_id: id("evaluation"),
      name: z.string(),
      score: z.number(),
      metrics: z.record(z.string(), z.number()),
    }),
    example: {
      ...configExample,
      evaluation_id: "eva_01k6q3z1a2b4c6d8e0f2g4h6jk",
      name: "Regression suite",
      score: 0.93,
      metrics: { tokens_per_second: 2140 },
    },
  },
};
