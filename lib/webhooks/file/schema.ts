import { z } from "zod";
import { createWebhookBody, type WebhookFilter, type WebhookRetry } from "@/lib/contracts/webhooks";

export const WEBHOOKS_FILE_LIMITS = {
  bytes: 512 * 1024,
  webhooks: 500,
  idLength: 100,
  secretNameLength: 200,
  /** A file of nothing but mistakes is told in so many. */
  errors: 200,
} as const;

/** Retries of a webhook whose entry names none: base * 2^attempt, five of them. */
export const FILE_RETRY = { base_s: 2, limit: 5 } as const;

/** Seconds before each retry: base, 2 base, 4 base and so on. */
export function doublingDelays({ base_s, limit }: { base_s: number; limit: number }): number[] {
  return Array.from({ length: limit }, (_, attempt) => base_s * 2 ** attempt);
}

const { shape } = createWebhookBody;

const id = z
  .string()
  .max(WEBHOOKS_FILE_LIMITS.idLength)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
    "Letters, digits, dots, dashes and underscores, beginning with a letter or digit",
  );

const secretName = z
  .string()
  .max(WEBHOOKS_FILE_LIMITS.secretNameLength)
  // Nothing that is wrong with it is repeated in the message: it could be the secret itself.
  .refine((name) => !/^whs(ec|k)_/.test(name), "This is a secret itself. Write its name here, and the secret elsewhere")
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, "The name of a secret: letters, digits, dots, dashes and underscores");

/** One entry of the file. What it shares with the API is the API's own rule. */
export const fileWebhookSchema = z.strictObject({
  id,
  url: shape.url,
  secret: secretName,
  events: shape.event_types,
  enabled: shape.enabled,
  description: shape.description,
  project: z.string().min(1).max(100).optional(),
  ordering: shape.ordering,
  order_key: shape.order_key,
  retry: shape.retry.unwrap().default({ delays_s: doublingDelays(FILE_RETRY) }),
  filter: shape.filter,
  max_in_flight: shape.max_in_flight,
  rate_limit: shape.rate_limit,
});

/** An entry that holds in itself, and where it begins. */
export type FileWebhook = {
  id: string;
  url: string;
  /** The name, not the secret. */
  secret: string;
  events: string[];
  enabled: boolean;
  description: string;
  /** undefined: the installation's first project. */
  project?: string | undefined;
  ordering: "unordered" | "strict";
  order_key: string | null;
  retry: WebhookRetry;
  filter: WebhookFilter | null;
  max_in_flight: number | null;
  rate_limit: number | null;
  line: number;
};
