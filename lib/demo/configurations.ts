import { FIRST_ENVIRONMENTS, FIRST_VARIANT } from "@/lib/contracts/configurations";
import { readLaunchText, type TextFormat } from "@/lib/contracts/launch-text";
import type { Tx } from "@/lib/db/transaction";
import type { Prisma } from "@/lib/generated/prisma/client";
import { type IdKind, newIdAt } from "@/lib/ids";

const DAY_MS = 24 * 3600 * 1000;

type DemoVersion = { daysAgo: number; message: string; source: string; format?: TextFormat };
type DemoVariant = { name: string; from?: string; versions: DemoVersion[] };
type DemoDeployment = {
  environment: string;
  variant: string;
  version: number;
  daysAgo: number;
  message: string;
  /** Number of the deployment to the same environment that it goes back to. */
  rollbackOf?: number;
};
type DemoEvaluation = {
  variant: string;
  version: number;
  name: string;
  daysAgo: number;
  status?: "running" | "failed";
  score?: number;
  metrics?: Record<string, number>;
  note?: string;
};
type DemoConfig = {
  name: string;
  application: string;
  description: string;
  variants: DemoVariant[];
  deployments: DemoDeployment[];
  evaluations: DemoEvaluation[];
};

const SERVING = (image: string, length: string, memory: string, disk: number) => `# Answers the assistant's questions.
image: vllm/vllm-openai:${image}
disk_gb: ${disk}
ports: [8000]
env:
  MODEL: meta-llama/Llama-3.3-70B-Instruct
  MAX_MODEL_LEN: "${length}"
  # Above 0.94 it runs out of memory with long questions.
  GPU_MEMORY_UTILIZATION: "${memory}"
start_script: |
  vllm serve "$MODEL" --port 8000 \\
    --max-model-len "$MAX_MODEL_LEN" \\
    --gpu-memory-utilization "$GPU_MEMORY_UTILIZATION"
`;

const TRAINING = (batch: number, extra = "") => `image: pytorch/pytorch:2.9.0-cuda12.9-cudnn9-devel
disk_gb: 512
ports: [6006]
env:
  BATCH_SIZE: "${batch}"
  LEARNING_RATE: "2e-5"
${extra}start_script: |
  torchrun --nproc-per-node auto train.py --batch-size "$BATCH_SIZE"
`;

const INDEXING = (workers: number) => `{
  "image": "ghcr.io/huggingface/text-embeddings-inference:1.8",
  "disk_gb": 256,
  "ports": [8080],
  "env": {
    "MODEL_ID": "BAAI/bge-m3",
    "WORKERS": "${workers}"
  }
}
`;

const CONFIGS: readonly DemoConfig[] = [
  {
    name: "llm-serving",
    application: "Assistant",
    description: "Serves the large model behind the assistant",
    variants: [
      {
        name: FIRST_VARIANT,
        versions: [
          { daysAgo: 41, message: "Serve Llama 3.3 with vLLM", source: SERVING("v0.10.2", "8192", "0.90", 256) },
          { daysAgo: 30, message: "Allow longer questions", source: SERVING("v0.10.2", "16384", "0.90", 256) },
          { daysAgo: 12, message: "Use more of the memory", source: SERVING("v0.11.0", "16384", "0.96", 512) },
          {
            daysAgo: 9,
            message: "Take back some memory: it ran out with long questions",
            source: SERVING("v0.11.0", "16384", "0.94", 512),
          },
          { daysAgo: 2, message: "Try the new scheduler", source: SERVING("v0.11.2", "32768", "0.94", 512) },
        ],
      },
      {
        name: "low-memory",
        from: FIRST_VARIANT,
        versions: [
          { daysAgo: 20, message: "Copied from default 2", source: SERVING("v0.10.2", "16384", "0.90", 256) },
          { daysAgo: 19, message: "Short questions only", source: SERVING("v0.10.2", "4096", "0.80", 128) },
        ],
      },
    ],
    deployments: [
      { environment: "staging", variant: FIRST_VARIANT, version: 1, daysAgo: 40, message: "First try" },
      { environment: "production", variant: FIRST_VARIANT, version: 1, daysAgo: 38, message: "Goes live" },
      { environment: "staging", variant: FIRST_VARIANT, version: 2, daysAgo: 29, message: "" },
      { environment: "production", variant: FIRST_VARIANT, version: 2, daysAgo: 27, message: "Longer questions" },
      { environment: "development", variant: "low-memory", version: 2, daysAgo: 18, message: "For the small pool" },
      { environment: "production", variant: FIRST_VARIANT, version: 3, daysAgo: 11, message: "Twice as many at once" },
      {
        environment: "production",
        variant: FIRST_VARIANT,
        version: 2,
        daysAgo: 10,
        message: "Out of memory",
        rollbackOf: 2,
      },
      { environment: "staging", variant: FIRST_VARIANT, version: 4, daysAgo: 8, message: "" },
      { environment: "production", variant: FIRST_VARIANT, version: 4, daysAgo: 6, message: "Held for two days" },
      { environment: "staging", variant: FIRST_VARIANT, version: 5, daysAgo: 1, message: "New scheduler" },
    ],
    evaluations: [
      {
        variant: FIRST_VARIANT,
        version: 2,
        name: "Regression suite",
        daysAgo: 28,
        score: 0.912,
        metrics: { tokens_per_second: 1480, first_token_ms: 210 },
      },
      {
        variant: FIRST_VARIANT,
        version: 3,
        name: "Load test",
        daysAgo: 11,
        status: "failed",
        note: "CUDA out of memory after 40 minutes",
      },
      {
        variant: FIRST_VARIANT,
        version: 4,
        name: "Regression suite",
        daysAgo: 8,
        score: 0.931,
        metrics: { tokens_per_second: 2140, first_token_ms: 185 },
      },
      { variant: FIRST_VARIANT, version: 5, name: "Load test", daysAgo: 1, status: "running" },
    ],
  },
  {
    name: "embedding-index",
    application: "Assistant",
    description: "Embeds documents for retrieval",
    variants: [
      {
        name: FIRST_VARIANT,
        versions: [
          { daysAgo: 33, message: "Embed with bge-m3", source: INDEXING(4), format: "json" },
          { daysAgo: 15, message: "Twice the workers", source: INDEXING(8), format: "json" },
        ],
      },
    ],
    deployments: [
      { environment: "staging", variant: FIRST_VARIANT, version: 1, daysAgo: 32, message: "" },
      { environment: "production", variant: FIRST_VARIANT, version: 1, daysAgo: 31, message: "" },
      {
        environment: "production",
        variant: FIRST_VARIANT,
        version: 2,
        daysAgo: 14,
        message: "Catch up with the backlog",
      },
    ],
    evaluations: [{ variant: FIRST_VARIANT, version: 2, name: "Recall at 10", daysAgo: 14, score: 0.874 }],
  },
  {
    name: "fine-tuning",
    application: "Training",
    description: "Trains on whatever the booking is for",
    variants: [
      {
        name: FIRST_VARIANT,
        versions: [
          { daysAgo: 45, message: "Train with torchrun", source: TRAINING(16) },
          { daysAgo: 22, message: "Raise the batch size", source: TRAINING(32) },
          { daysAgo: 5, message: "Compile the model", source: TRAINING(32, '  TORCH_COMPILE: "1"\n') },
        ],
      },
    ],
    deployments: [
      { environment: "production", variant: FIRST_VARIANT, version: 1, daysAgo: 44, message: "" },
      { environment: "production", variant: FIRST_VARIANT, version: 2, daysAgo: 21, message: "" },
      { environment: "development", variant: FIRST_VARIANT, version: 3, daysAgo: 5, message: "" },
    ],
    evaluations: [
      {
        variant: FIRST_VARIANT,
        version: 2,
        name: "Throughput",
        daysAgo: 21,
        score: 0.62,
        metrics: { samples_per_second: 312, utilization: 0.62 },
      },
    ],
  },
];

/** The configuration that a demo booking boots in production, by what it is for. */
export function demoConfigOf(title: string): string | null {
  if (/retrieval/i.test(title)) return "embedding-index";
  if (/evaluation|quantisation|robustness/i.test(title)) return "llm-serving";
  return title === "" ? null : "fine-tuning";
}

/**
 * Two applications with three configurations: variants, versions, deployments with a rollback, evaluations. A project that
 * has configurations already is left as it is.
 */
export async function seedConfigurations(tx: Tx, projectId: string, now: Date): Promise<void> {
  if ((await tx.configuration.count({ where: { projectId } })) > 0) return;
  const at = (daysAgo: number) => new Date(now.getTime() - daysAgo * DAY_MS);
  const owner = await tx.member.findFirst({ where: { projectId, role: "owner" }, orderBy: { createdAt: "asc" } });
  const createdBy = owner?.userId ?? "system";
  const made = (kind: IdKind, daysAgo: number) => ({
    id: newIdAt(kind, at(daysAgo)),
    projectId,
    createdBy,
    createdAt: at(daysAgo),
  });
  const environments = new Map<string, string>();
  for (const environment of FIRST_ENVIRONMENTS) {
    const row = await tx.environment.create({
      data: { ...made("environment", 46), ...environment, updatedAt: at(46) },
    });
    environments.set(row.name, row.id);
  }
  const applications = new Map<string, string>();
  for (const name of new Set(CONFIGS.map(({ application }) => application))) {
    const row = await tx.application.create({ data: { ...made("application", 46), name, updatedAt: at(46) } });
    applications.set(name, row.id);
  }
  for (const config of CONFIGS) {
    const { id: configId } = await tx.configuration.create({
      data: {
        ...made("configuration", 45),
        applicationId: applications.get(config.application) ?? "",
        name: config.name,
        description: config.description,
        updatedAt: at(45),
      },
    });
    const versions = await createVariants(tx, config, { configId, made });
    const idOf = ({ variant, version }: { variant: string; version: number }) =>
      versions.get(`${variant} ${version}`) ?? "";
    const numbers = new Map<string, string[]>();
    for (const { daysAgo, message, ...deployment } of config.deployments) {
      const earlier = numbers.get(deployment.environment) ?? [];
      const row = { ...made("deployment", daysAgo), configId, message };
      numbers.set(deployment.environment, [...earlier, row.id]);
      await tx.deployment.create({
        data: {
          ...row,
          environmentId: environments.get(deployment.environment) ?? "",
          versionId: idOf(deployment),
          number: earlier.length + 1,
          rollbackOf: deployment.rollbackOf === undefined ? null : (earlier[deployment.rollbackOf - 1] ?? null),
          correlationId: newIdAt("workflow", at(daysAgo)),
        },
      });
    }
    await tx.evaluation.createMany({
      data: config.evaluations.map(({ daysAgo, status = "completed", score, metrics = {}, note = "", ...of }) => ({
        ...made("evaluation", daysAgo),
        configId,
        versionId: idOf(of),
        name: of.name,
        status,
        score: score ?? null,
        metrics,
        note,
        completedAt: status === "running" ? null : at(daysAgo),
      })),
    });
  }
}

type Making = {
  configId: string;
  made: (kind: IdKind, daysAgo: number) => { id: string; projectId: string; createdBy: string; createdAt: Date };
};

/** @returns the ids of the versions, by variant and number */
async function createVariants(
  tx: Tx,
  { variants }: DemoConfig,
  { configId, made }: Making,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { name, from, versions } of variants) {
    const variant = await tx.configVariant.create({
      data: { ...made("configVariant", versions[0]?.daysAgo ?? 0), configId, name, head: versions.length },
    });
    for (const [index, { daysAgo, message, source, format = "yaml" }] of versions.entries()) {
      const { template, problems } = readLaunchText(source, format);
      if (template === null) throw new Error(`A demo configuration is wrong: ${problems[0]?.message}`);
      const row = made("configVersion", daysAgo);
      const parentId = index === 0 ? (from === undefined ? null : ids.get(`${from} 2`)) : ids.get(`${name} ${index}`);
      await tx.configVersion.create({
        data: {
          ...row,
          configId,
          variantId: variant.id,
          version: index + 1,
          parentId: parentId ?? null,
          content: template satisfies Prisma.InputJsonValue,
          source,
          format,
          message,
        },
      });
      ids.set(`${name} ${index + 1}`, row.id);
    }
  }
  return ids;
}
