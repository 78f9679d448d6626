import { z } from "zod";
import { formatPayload, problemWords, readPayload } from "@/components/webhooks/payload-text";
import { parseDelays } from "@/components/webhooks/retry-text";
import { filterPreviewBody } from "@/lib/contracts/filter-preview";
import type { BodyInput } from "@/lib/contracts/operation";
import type { FieldError } from "@/lib/contracts/problem";
import { signingSchema } from "@/lib/contracts/signing";
import {
  createWebhookBody,
  type updateWebhook,
  type Webhook,
  type WebhookFilter,
  type WebhookRetry,
} from "@/lib/contracts/webhooks";

/** The contract's rules for one field, without its default. */
const rules = createWebhookBody.shape;
const rowSchema = z.object({ name: z.string(), value: z.string() });
type NameValue = z.infer<typeof rowSchema>;

/**
 * What the form holds. Where a field of the API has several shapes (secret, retry, filter) the form has a choice and a
 * text; each is judged by the contract's own schema, so that form and server never disagree.
 */
export const webhookFormSchema = z
  .object({
    url: rules.url,
    description: rules.description.unwrap(),
    event_types: rules.event_types,
    enabled: z.boolean(),
    secret_mode: z.enum(["generated", "own", "none"]),
    secret: z.string(),
    signing: signingSchema,
    retry_mode: z.enum(["quick", "standard", "own"]),
    delays: z.string(),
    ordering: z.enum(["unordered", "strict"]),
    order_key: z.string(),
    headers: z.array(rowSchema),
    applications: z.string(),
    environments: z.string(),
    labels: z.array(rowSchema),
    payload: z.string(),
    max_in_flight: z.string(),
    rate_limit: z.string(),
  })
  .superRefine((values, context) => {
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message, input: values });
    if (values.secret_mode === "own") {
      for (const issue of rules.secret.safeParse(values.secret).error?.issues ?? []) report(["secret"], issue.message);
    }
    if (values.retry_mode === "own") {
      const delays = parseDelays(values.delays);
      if ("error" in delays) report(["delays"], delays.error);
    }
    if (values.ordering === "strict") {
      for (const issue of rules.order_key.safeParse(orderKeyOf(values)).error?.issues ?? []) {
        report(["order_key"], issue.message);
      }
    }
    reportRows(values.headers, "headers", report);
    reportRows(values.labels, "labels", report);
    for (const issue of rules.filter.safeParse(filterOf(values)).error?.issues ?? []) {
      const field = issue.path[0];
      if (field === "applications" || field === "environments") report([field], issue.message);
    }
    const reading = readPayload(values.payload);
    const mistake = "problems" in reading ? reading.problems[0] : undefined;
    if (mistake) report(["payload"], problemWords(mistake));
    for (const name of ["max_in_flight", "rate_limit"] as const) {
      for (const issue of rules[name].safeParse(numberOf(values[name])).error?.issues ?? [])
        report([name], issue.message);
    }
  });

export type WebhookFormValues = z.infer<typeof webhookFormSchema>;

export const NEW_WEBHOOK: WebhookFormValues = {
  url: "",
  description: "",
  event_types: [],
  enabled: true,
  secret_mode: "generated",
  secret: "",
  signing: "hmac",
  retry_mode: "quick",
  delays: "5, 30, 120",
  ordering: "unordered",
  order_key: "",
  headers: [],
  applications: "",
  environments: "",
  labels: [],
  payload: "",
  max_in_flight: "",
  rate_limit: "",
};

/** The form of an existing webhook. Its secret has no field: it is only ever replaced, by an action of its own. */
export function toFormValues(webhook: Webhook): WebhookFormValues {
  const { retry, filter } = webhook;
  return {
    ...NEW_WEBHOOK,
    url: webhook.url,
    description: webhook.description,
    event_types: webhook.event_types,
    enabled: webhook.enabled,
    retry_mode: "preset" in retry ? retry.preset : "own",
    delays: "preset" in retry ? NEW_WEBHOOK.delays : retry.delays_s.join(", "),
    ordering: webhook.ordering,
    order_key: webhook.order_key ?? "",
    headers: toRows(webhook.headers),
    applications: filter?.applications?.join(", ") ?? "",
    environments: filter?.environments?.join(", ") ?? "",
    labels: toRows(filter?.labels ?? {}),
    payload: formatPayload(filter?.payload),
    max_in_flight: webhook.max_in_flight?.toString() ?? "",
    rate_limit: webhook.rate_limit?.toString() ?? "",
  };
}

export function toCreateBody(values: WebhookFormValues): z.input<typeof createWebhookBody> {
  return {
    ...commonBody(values),
    enabled: values.enabled,
    ...(values.secret_mode === "own" ? { secret: values.secret } : {}),
    ...(values.secret_mode === "none" ? { secret: null } : { signing: values.signing }),
  };
}

/**
 * All of the form but the switch, which takes effect by itself. Headers that show the mask are sent as they are, which
 * keeps their stored values.
 */
export function toUpdateBody(values: WebhookFormValues): BodyInput<typeof updateWebhook> {
  return commonBody(values);
}

/** What a dry run of the form needs; null while the fields that it depends on are not right. */
export function toPreviewBody(values: PreviewFields): z.input<typeof filterPreviewBody> | null {
  if ("problems" in readPayload(values.payload)) return null;
  const body = { event_types: values.event_types, filter: filterOf(values) };
  return filterPreviewBody.safeParse(body).success ? body : null;
}

type FormField = keyof WebhookFormValues | `${"headers" | "labels"}.${number}.${"name" | "value"}`;

/** The form's field that a refusal of the server is about; null when it has none and the message stands alone. */
export function fieldOf({ field }: Pick<FieldError, "field">, values: WebhookFormValues): FormField | null {
  if (field.startsWith("event_types")) return "event_types";
  if (field.startsWith("retry")) return "delays";
  if (field.startsWith("filter.applications")) return "applications";
  if (field.startsWith("filter.environments")) return "environments";
  if (field.startsWith("filter.payload")) return "payload";
  if (field.startsWith("filter.labels")) return rowField("labels", field.slice("filter.labels.".length), values.labels);
  if (field.startsWith("headers")) return rowField("headers", field.slice("headers.".length), values.headers);
  const own = [
    "url",
    "description",
    "enabled",
    "secret",
    "ordering",
    "order_key",
    "max_in_flight",
    "rate_limit",
  ] as const;
  return own.find((name) => name === field) ?? null;
}

/** Words separated by commas. */
export function splitList(text: string): string[] {
  return text
    .split(",")
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
}

/**
 * Whether a header's value is the mask that stands for a stored credential. No real value can look like it: header
 * values are ASCII.
 */
export function isMasked(value: string): boolean {
  return /^•+$/.test(value);
}

function commonBody(values: WebhookFormValues) {
  return {
    url: values.url.trim(),
    description: values.description.trim(),
    event_types: values.event_types,
    retry: retryOf(values),
    ordering: values.ordering,
    order_key: values.ordering === "strict" ? orderKeyOf(values) : null,
    headers: Object.fromEntries(filledRows(values.headers).map(({ name, value }) => [name.trim(), value])),
    filter: filterOf(values),
    max_in_flight: numberOf(values.max_in_flight),
    rate_limit: numberOf(values.rate_limit),
  };
}

/** null for an empty field; NaN, which no rule accepts, for what is no number. */
function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}

function retryOf({ retry_mode, delays }: WebhookFormValues): WebhookRetry {
  if (retry_mode !== "own") return { preset: retry_mode };
  const parsed = parseDelays(delays);
  return { delays_s: "error" in parsed ? [] : parsed.delays_s };
}

function orderKeyOf({ order_key }: { order_key: string }): string | null {
  return order_key.trim() === "" ? null : order_key.trim();
}

type FilterFields = Pick<WebhookFormValues, "applications" | "environments" | "labels" | "payload">;
export type PreviewFields = FilterFields & Pick<WebhookFormValues, "event_types">;

function filterOf({ applications, environments, labels, payload }: FilterFields): WebhookFilter | null {
  const lists = { applications: splitList(applications), environments: splitList(environments) };
  const rows = filledRows(labels);
  const reading = readPayload(payload);
  const filter: WebhookFilter = {
    ...(lists.applications.length > 0 && { applications: lists.applications }),
    ...(lists.environments.length > 0 && { environments: lists.environments }),
    ...(rows.length > 0 && { labels: Object.fromEntries(rows.map(({ name, value }) => [name.trim(), value])) }),
    ...("payload" in reading && reading.payload !== null && { payload: reading.payload }),
  };
  return Object.keys(filter).length === 0 ? null : filter;
}

function toRows(record: Record<string, string>): NameValue[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}

/** Rows left wholly empty are not meant. */
function filledRows(rows: readonly NameValue[]): NameValue[] {
  return rows.filter(({ name, value }) => name.trim() !== "" || value !== "");
}

function reportRows(
  rows: readonly NameValue[],
  field: "headers" | "labels",
  report: (path: (string | number)[], message: string) => void,
): void {
  const seen = new Set<string>();
  rows.forEach(({ name, value }, index) => {
    // HTTP does not tell the case of header names apart; labels do.
    const key = field === "headers" ? name.trim().toLowerCase() : name.trim();
    if (key === "" && value !== "") report([field, index, "name"], "Enter a name, or remove the row");
    if (key !== "" && seen.has(key)) report([field, index, "name"], "This name is already used above");
    seen.add(key);
  });
}

function rowField(field: "headers" | "labels", name: string, rows: readonly NameValue[]): FormField {
  const index = rows.findIndex((row) => row.name.trim() === name);
  return index === -1 ? field : `${field}.${index}.name`;
}
