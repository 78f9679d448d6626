import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { z } from "zod";
import { artifactSchema } from "@/lib/contracts/artifacts";
import { type EventTypeInfo, eventTypeCatalogue } from "@/lib/contracts/event-types";
import type { ReceivedRequest } from "@/lib/webhooks/testing";

type JsonSchema = EventTypeInfo["json_schema"];

const stripe = new Stripe("sk_test_unused");

/** What `GET /api/v1/event-types` says of `data`, by type; fields that it does not name are refused here. */
const SHAPES = new Map(
  eventTypeCatalogue().map(({ type, json_schema }) => [type, z.fromJSONSchema(closed(json_schema))]),
);

/** What docs/events.md says of the whole body. */
const envelope = z
  .strictObject({
    id: z.string().startsWith("evt_"),
    type: z.string(),
    timestamp: z.iso.datetime(),
    correlation_id: z.string().optional(),
    sequence: z.number().int().min(1).optional(),
    event_type: z.string().optional(),
    artifact: artifactSchema.strict().optional(),
    data: z.record(z.string(), z.json()),
  })
  .refine((event) => (event.sequence === undefined) === (event.event_type === undefined), "sequence without event_type")
  .refine((event) => [undefined, event.type].includes(event.event_type), "another event_type than type")
  .refine(
    (event) => (event.artifact !== undefined) === (event.type === "artifact.published"),
    "artifact where none is",
  );

export type Judged = { deliveryId: string; type: string; data: Record<string, unknown> };

/**
 * Judges a request as its receiver would, by what others wrote: the libraries of Standard Webhooks and Stripe verify the
 * signatures; the catalogue says which fields `data` has.
 * @throws Error that says what is wrong
 */
export function judge({ headers, body, method }: ReceivedRequest, secret: string): Judged {
  const of = (name: string) => z.string(`header ${name}`).parse(headers[name]);
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const verified = new Webhook(secret).verify(body, Object.fromEntries(names.map((name) => [name, of(name)])));
  const event = envelope.parse(verified);
  // The types of Stripe's own events are all that it knows; what it answers is the parsed body.
  const seen: unknown = stripe.webhooks.constructEvent(body, of("x-webhook-signature"), secret);
  const { id, type } = envelope.parse(seen);
  const told = { method, id: of("webhook-id"), type: of("x-webhook-event"), attempt: of("x-webhook-attempt") };
  const expected = { method: "POST", id, type, attempt: "1" };
  if (JSON.stringify(told) !== JSON.stringify(expected)) {
    throw new Error(`The headers say ${JSON.stringify(told)}, the body ${JSON.stringify(expected)}.`);
  }
  const fits = SHAPES.get(type)?.safeParse(event.data);
  if (fits?.success === false) throw new Error(`${type} is not as the catalogue says: ${z.prettifyError(fits.error)}`);
  return { deliveryId: z.string().startsWith("dlv_").parse(headers["x-webhook-delivery"]), type, data: event.data };
}

/** The same schema, in which every object has the fields that it names and no others. */
function closed(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) =>
    typeof value === "object" && value !== null && "type" in value && value.type === "object" && "properties" in value
      ? { ...value, additionalProperties: false }
      : value,
  );
}
