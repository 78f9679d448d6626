import type { FieldError } from "@/lib/contracts/problem";
import { type RequestWebhook, requestWebhookSchema } from "@/lib/contracts/request-webhook";

/** The webhook that a call brings along, as it is typed. */
export type RequestWebhookValues = { webhook_url: string; webhook_secret: string };
export type RequestWebhookField = keyof RequestWebhookValues;
export type RequestWebhookErrors = Partial<Record<RequestWebhookField, string>>;

export const NO_REQUEST_WEBHOOK: RequestWebhookValues = { webhook_url: "", webhook_secret: "" };

/** What the API gets of it: nothing when nothing is typed. */
export function requestWebhookOf({ webhook_url, webhook_secret }: RequestWebhookValues): { webhook?: RequestWebhook } {
  const url = webhook_url.trim();
  if (url === "" && webhook_secret === "") return {};
  return { webhook: { url, ...(webhook_secret !== "" && { secret: webhook_secret }) } };
}

/** What is wrong with it as far as that can be told here; where it leads to is for the server to judge. */
export function requestWebhookErrors(values: RequestWebhookValues): RequestWebhookErrors {
  const { webhook } = requestWebhookOf(values);
  if (webhook === undefined) return {};
  const errors: RequestWebhookErrors = {};
  if (webhook.url === "") errors.webhook_url = "Enter the URL that the secret is for";
  else if (!/^https?:\/\//i.test(webhook.url) || !URL.canParse(webhook.url)) {
    errors.webhook_url = "Enter a whole URL, such as https://example.com/hooks";
  }
  for (const { path, message } of requestWebhookSchema.safeParse(webhook).error?.issues ?? []) {
    errors[path[0] === "secret" ? "webhook_secret" : "webhook_url"] ??= message;
  }
  return errors;
}

/** Of the API's errors those that are about it, beside its fields. */
export function webhookRefusals(refused: readonly FieldError[]): RequestWebhookErrors {
  const errors: RequestWebhookErrors = {};
  for (const { field, message } of refused) {
    const own = requestWebhookField(field);
    if (own !== null) errors[own] ??= message;
  }
  return errors;
}

/** The field that an error of the API is about; null for those of other fields. */
export function requestWebhookField(field: string): RequestWebhookField | null {
  if (field === "webhook.secret") return "webhook_secret";
  return field === "webhook" || field === "webhook.url" ? "webhook_url" : null;
}
