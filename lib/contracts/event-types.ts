import { z } from "zod";
import { COMPUTE_EVENTS } from "@/lib/contracts/compute-events";
import { CONFIG_EVENTS } from "@/lib/contracts/config-events";
import { micros } from "@/lib/contracts/money";
import { RESERVATION_EVENTS } from "@/lib/contracts/reservation-events";

/**
 * The catalogue of event types: what each means, the shape of its `data`, and an example. Publishers may send further
 * fields, so the shapes describe rather than restrict.
 */
type EventTypeDefinition = { description: string; data: z.ZodObject; example: Record<string, z.core.util.JSONType> };

const id = (what: string) => z.string().meta({ description: `Id of the ${what}.` });
const at = z.iso.datetime({ offset: true });

const user = z.object({ user_id: id("user"), email: z.email() });

const endpoint = z.object({
  webhook_id: id("webhook"),
  url: z.string(),
  failing_since: at.nullable(),
  consecutive_failures: z.number().int(),
  last_failure: z.string().nullable(),
});

const userExample = { user_id: "usr_01k6q3w2c5f7r9t1v3x5z7b9dg", email: "ada@example.com" };
const endpointExample = {
  webhook_id: "wh_01k6q40a1b2c3d4e5f6g7h8j9k",
  url: "https://example.com/hooks",
  failing_since: "2026-11-20T08:00:00Z",
  consecutive_failures: 12,
  last_failure: "Answered 503. Only 2xx counts as delivered.",
};
const CATALOGUE = {
  ...COMPUTE_EVENTS,
  "cost.threshold": {
    description: "The cost of a project reached a threshold that was set; once per threshold and period.",
    data: z.object({
      threshold_id: id("threshold"),
      period: z.enum(["day", "week", "month"]),
      threshold_micros: micros,
      cost_micros: micros,
      period_start: at,
      period_end: at,
    }),
    example: {
      threshold_id: "cth_01k6q3z4v5w6x7y8z9a0b1c2de",
      period: "month",
      threshold_micros: 500_000_000,
      cost_micros: 500_310_000,
      period_start: "2026-11-01T00:00:00Z",
      period_end: "2026-12-01T00:00:00Z",
    },
  },
  ...RESERVATION_EVENTS,
  ...CONFIG_EVENTS,
  "artifact.published": {
    description:
      "An artifact was published, by a call or by a processor. The artifact itself is beside `data`, under `artifact`.",
    data: z.object({
      artifact_id: id("artifact"),
      type: z.string(),
      tags: z.array(z.string()),
      produced_by: z.string(),
      parent_id: z.string().nullable().meta({ description: "The artifact that led to it." }),
    }),
    example: {
      artifact_id: "art_01k6q42b3c4d5e6f7g8h9j0kmn",
      type: "snapshot.manifest",
      tags: ["nightly"],
      produced_by: "snapshot-manifest",
      parent_id: "art_01k6q42a1b2c3d4e5f6g7h8j9k",
    },
  },
  "user.created": { description: "An account was created.", data: user, example: userExample },
  "user.login": {
    description: "Somebody signed in.",
    data: user.extend({ method: z.string() }),
    example: { ...userExample, method: "credentials" },
  },
  "user.updated": {
    description: "A profile changed.",
    data: user.extend({
      changed: z.array(z.string()),
      previous_email: z.email().optional().meta({ description: "Where the address is what changed." }),
    }),
    example: { ...userExample, changed: ["name"] },
  },
  "user.deleted": { description: "An account was deleted.", data: user, example: userExample },
  "user.oauth_linked": {
    description: "A sign-in method of another provider was linked to an account.",
    data: user.extend({ provider: z.string() }),
    example: { ...userExample, provider: "github" },
  },
  "user.oauth_unlinked": {
    description: "A sign-in method of another provider was unlinked from an account.",
    data: user.extend({ provider: z.string() }),
    example: { ...userExample, provider: "github" },
  },
  "endpoint.warning": {
    description: "A webhook of this project fails repeatedly. Not sent to the webhook that it is about.",
    data: endpoint.extend({
      stage: z
        .enum(["warning", "probing"])
        .meta({ description: "probing: it gets one request at a time from now on." }),
    }),
    example: { ...endpointExample, stage: "warning" },
  },
  "endpoint.disabled": {
    description: "A webhook was disabled because it answered 410, or failed for days. What waits for it is kept.",
    data: endpoint.extend({ reason: z.enum(["gone", "failing"]) }),
    example: { ...endpointExample, reason: "failing" },
  },
  "endpoint.recovered": {
    description: "A webhook that failed repeatedly works again.",
    data: endpoint,
    example: { ...endpointExample, consecutive_failures: 0, last_failure: null },
  },
  "delivery.exhausted": {
    description:
      "Deliveries of a webhook were given up after their last attempt; at most one such event a minute each.",
    data: z.object({
      webhook_id: id("webhook"),
      url: z.string(),
      count: z.number().int().meta({ description: "Deliveries given up since the last such event." }),
      delivery_ids: z.array(z.string()).meta({ description: "The first 100 of them." }),
      last_failure: z.string().nullable(),
    }),
    example: {
      webhook_id: "wh_01k6q40a1b2c3d4e5f6g7h8j9k",
      url: "https://example.com/hooks",
      count: 1,
      delivery_ids: ["dlv_01k6q41a1b2c3d4e5f6g7h8j9k"],
      last_failure: "Answered 500. Only 2xx counts as delivered.",
    },
  },
  "webhook.test": {
    description: "Sent by the test button, to the one webhook that is being tested.",
    data: z.object({ webhook_id: id("webhook"), message: z.string() }),
    example: { webhook_id: "wh_01k6q40a1b2c3d4e5f6g7h8j9k", message: "This is a test event from Dumont." },
  },
} as const satisfies Record<string, EventTypeDefinition>;

/** Types that the delivery engine emits about itself; no publisher may. */
export function isOperationalType(type: string): boolean {
  return type.startsWith("endpoint.") || type.startsWith("delivery.");
}

export type CatalogueType = keyof typeof CATALOGUE;

export type EventTypeInfo = {
  type: string;
  group: string;
  description: string;
  example: Record<string, z.core.util.JSONType>;
  json_schema: Record<string, z.core.util.JSONType>;
};

export const eventTypeNames = Object.keys(CATALOGUE) as [CatalogueType, ...CatalogueType[]];

/** Types of a publisher's own begin with this and need no entry in the catalogue. */
export const CUSTOM_GROUP = "custom";
const CUSTOM_TYPE = /^custom(\.[a-z0-9_-]{1,50}){1,4}$/;
const GROUPS: ReadonlySet<string> = new Set([...eventTypeNames.map(groupOf), CUSTOM_GROUP]);

export function groupOf(type: string): string {
  return type.slice(0, type.indexOf("."));
}

export function isCatalogueType(type: string): type is CatalogueType {
  return Object.hasOwn(CATALOGUE, type);
}

/** Whether a publisher may emit this type; the others belong to the test button, the engine, artifacts. */
export function isEmittableType(type: string): boolean {
  if (type === "webhook.test" || type === "artifact.published" || isOperationalType(type)) return false;
  return isCatalogueType(type) || CUSTOM_TYPE.test(type);
}

/** Whether a webhook may subscribe to this: "*", a group such as "instance.*", or a type. */
export function isKnownPattern(pattern: string): boolean {
  if (pattern === "*") return true;
  if (pattern.endsWith(".*")) return GROUPS.has(pattern.slice(0, -2));
  return isCatalogueType(pattern) || CUSTOM_TYPE.test(pattern);
}

/** Whether a subscription pattern covers an event type. */
export function patternMatches(pattern: string, type: string): boolean {
  if (pattern === "*" || pattern === type) return true;
  return pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1));
}

export function eventTypeCatalogue(): EventTypeInfo[] {
  return eventTypeNames.map((type) => {
    const { description, data, example } = CATALOGUE[type];
    const { $schema: _dialect, additionalProperties: _open, ...jsonSchema } = z.toJSONSchema(data);
    return {
      type,
      group: groupOf(type),
      description,
      example,
      json_schema: jsonSchema as EventTypeInfo["json_schema"],
    };
  });
}
