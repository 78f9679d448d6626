import { z } from "zod";

/**
 * The only reader of the environment. Everything the process may be told from outside is listed, typed and explained
 * here; a wrong value stops the process at start with a message that names the variable and the mend.
 */
const flag = z
  .enum(["1", "0", "true", "false"])
  .transform((value) => value === "1" || value === "true")
  .optional();

const list = z
  .string()
  .default("")
  .transform((value) =>
    value
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );

const text = z.string().trim().min(1).optional();

const secretKey = z.string().min(32, "must be at least 32 characters of random text").optional();

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must be a postgres:// or postgresql:// URL")
    .optional(),
  /** Connections that one process may open through Prisma, and as many again beside it; the queue has its own. */
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(100).default(10),
  DATA_DIR: z.string().min(1).default(".data"),
  DUMONT_SECRET_KEY: secretKey,
  /** During a rotation: what was encrypted with this key still opens. See docs/operations/keys.md. */
  DUMONT_SECRET_KEY_PREVIOUS: secretKey,
  DUMONT_BOOTSTRAP_EMAIL: z.email().optional(),
  DUMONT_BOOTSTRAP_PASSWORD: z.string().min(8, "must be at least 8 characters").optional(),
  DUMONT_BOOTSTRAP_API_KEY: z.string().min(16, "must be at least 16 characters").optional(),
  DUMONT_DEMO: flag,
  NEXTAUTH_SECRET: z.string().min(16, "must be at least 16 characters").optional(),
  NEXTAUTH_URL: z.url().optional(),
  GITHUB_CLIENT_ID: text,
  GITHUB_CLIENT_SECRET: text,
  GOOGLE_CLIENT_ID: text,
  GOOGLE_CLIENT_SECRET: text,
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: text,
  OIDC_CLIENT_SECRET: text,
  OIDC_NAME: z.string().default("Single sign-on"),
  /** CIDRs and host names that deliveries may reach although they are internal. */
  EGRESS_ALLOW: list,
  /** Refuse http:// webhook URLs everywhere (1) or nowhere (0); see httpRule for what holds without it. */
  WEBHOOK_REQUIRE_HTTPS: flag,
  /** Requests under way at once in one worker process; four times as many slow ones may be under way beside them. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(1024).default(256),
  /** Requests under way at once to one webhook from one worker process, where the webhook has no limit of its own. */
  WORKER_WEBHOOK_CONCURRENCY: z.coerce.number().int().min(1).max(128).default(16),
  /** Days for which deliveries and their attempts are kept. */
  RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
  /** Days for which entries of the audit log are kept. */
  AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(365),
  /** Days for which lines of the logs of instances are kept. */
  INSTANCE_LOG_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(90),
  /** Webhooks that are declared in a file; DEFAULT_WEBHOOKS_FILE is read when it is there. */
  WEBHOOKS_FILE: text,
  /** Where secrets are mounted as files, each named as its secret. */
  SECRETS_DIR: z.string().min(1).default("/run/secrets"),
  /** What boots the machines of pools that name no provider of their own. */
  COMPUTE_PROVIDER: z.enum(["simulated", "vast"]).default("simulated"),
  VAST_API_URL: z.url().default("https://console.vast.ai"),
  VAST_API_KEY: text,
  /** What one GPU of a rented machine may cost an hour, everything included. */
  VAST_MAX_USD_PER_GPU_HOUR: z.coerce.number().positive().optional(),
  /** Machines that were reachable for a smaller part of their time are not rented. */
  VAST_MIN_RELIABILITY: z.coerce.number().min(0).max(1).default(0.98),
  /** Where snapshots are pushed to; without a repository, user and password none are taken. */
  VAST_REGISTRY: z.string().min(1).default("docker.io"),
  VAST_REGISTRY_REPOSITORY: text,
  VAST_REGISTRY_USER: text,
  VAST_REGISTRY_PASSWORD: text,
  /** Lets a Prometheus in without an API key. */
  METRICS_TOKEN: z.string().min(16, "must be at least 16 characters").optional(),
  /** An OpenTelemetry collector that takes traces by OTLP over HTTP; unset: nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default("dumont"),
  /** API requests per minute for one key or one signed-in user, counted in each web process. */
  API_RATE_LIMIT: z.coerce.number().int().min(1).default(60_000),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export type Env = z.infer<typeof schema>;

export class EnvError extends Error {
  override name = "EnvError";
}

/**
 * Parses the given variables; an empty string counts as absent, as in most shells and compose files.
 * @throws EnvError with one line per wrong variable.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new EnvError(`The environment is not usable:\n${lines.join("\n")}`);
}

/** Below the working directory. */
const DEFAULT_WEBHOOKS_FILE = "config/webhooks.yaml";

/**
 * A secret that the operator keeps in the environment under a name of their own. Dumont's own settings are none: signing
 * with one of them would hand out what it protects.
 */
export function secretVariable(name: string): string | undefined {
  return name in schema.shape ? undefined : process.env[name] || undefined;
}

export const env: Env = parseEnv(process.env);

/**
 * Where deliveries may go by http://: as WEBHOOK_REQUIRE_HTTPS says; unset, everywhere outside production, and in
 * production only to the destinations of EGRESS_ALLOW, which the operator vouches for.
 */
export const httpRule = httpRuleOf(env);

function httpRuleOf({ WEBHOOK_REQUIRE_HTTPS, NODE_ENV }: Env): "everywhere" | "allowed-only" | "nowhere" {
  if (WEBHOOK_REQUIRE_HTTPS !== undefined) return WEBHOOK_REQUIRE_HTTPS ? "nowhere" : "everywhere";
  return NODE_ENV === "production" ? "allowed-only" : "everywhere";
}

/** The webhooks' file, as it was given. */
export const webhooksFile = env.WEBHOOKS_FILE ?? DEFAULT_WEBHOOKS_FILE;

/** The address under which people and webhooks reach this console, without a trailing slash. */
export const publicOrigin = new URL(env.NEXTAUTH_URL ?? `http://localhost:${env.PORT}`).origin;
