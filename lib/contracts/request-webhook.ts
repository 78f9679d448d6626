import { z } from "zod";

export const REQUEST_WEBHOOK_LIMITS = { perWorkflow: 10 } as const;

/** Seconds before the second, third and fourth attempt; then it is given up and the next event has its turn. */
export const REQUEST_WEBHOOK_RETRY = { delays_s: [1, 2, 4] } as const;

/**
 * The receiver that a call brings along: it gets every event of the workflow that the call begins, in order, however much
 * later it happens. URL and secret follow the rules of webhooks.
 */
export const requestWebhookSchema = z
  .strictObject({
    url: z.string().max(2000),
    secret: z
      .string()
      .min(16, "A secret has at least 16 characters")
      .max(256, "A secret has at most 256 characters")
      .optional()
      .meta({ description: "Signs the deliveries; without it they are unsigned." }),
  })
  .meta({ id: "RequestWebhook" });

export type RequestWebhook = z.infer<typeof requestWebhookSchema>;
