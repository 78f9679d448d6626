import { type EventTypeInfo, eventTypeCatalogue } from "@/lib/contracts/event-types";
import { PROOFS } from "@/lib/proof/proofs";

type Schema = {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  required?: string[];
  description?: string;
};

/** What the test's file calls its tests together. */
export const SUITE = "every event type of the catalogue";

type Field = { row: string };

/** docs/events.md: each event type, what raises it, the test that shows it, and its data. */
export function eventsPage(): string {
  const catalogue = eventTypeCatalogue();
  const groups = Map.groupBy(catalogue, ({ group }) => group);
  return [
    "# Events",
    "",
    "Each event type of the catalogue: what raises it, and what its `data` says. `GET /api/v1/event-types` answers the same",
    "with examples and JSON Schemas. What a request looks like, and how to verify it: [webhooks](webhooks.md#the-request).",
    "",
    "Written by `npx vitest run --project db lib/proof --update` from the catalogue and its proof; do not edit.",
    "",
    "## What raises them",
    "",
    "Each line is a test of `lib/proof/catalogue.db.test.ts`, called by both columns as in `instance.stopped: an instance is",
    "stopped by hand`. It carries the operation out in the product, with a worker and a receiver over HTTP, and judges what",
    "arrives: the libraries of Standard Webhooks and Stripe verify the signatures, and `data` must have the fields that are",
    "listed here and no others. Another test fails when a type has no line. To see one type:",
    "`npx vitest run --project db lib/proof -t instance.stopped`.",
    "",
    "| event type | raised when |",
    "|---|---|",
    ...catalogue.flatMap(({ type }) => {
      const link = `[\`${type}\`](#${type.replaceAll(".", "")})`;
      const proofs = PROOFS.filter((proof) => proof.type === type);
      return proofs.map(({ operation }) => `| ${link} | ${operation} |`);
    }),
    "",
    "## What every event has",
    "",
    "| field | meaning |",
    "|---|---|",
    "| `id` | the event's id, the same for every webhook and in every attempt |",
    "| `type` | the event type |",
    "| `timestamp` | when it happened |",
    "| `correlation_id` | of the [workflow](workflows.md) that it belongs to, or as its publisher gave it; otherwise absent |",
    "| `sequence`, `event_type` | only within a workflow: its number there, from 1 and without a gap, and the type once more |",
    "| `artifact` | only of `artifact.published`: the artifact, whole |",
    "| `data` | by type, as below |",
    ...[...groups].flatMap(([group, types]) => section(group, types)),
    "",
  ].join("\n");
}

/** The types of a group; what all of them have is listed once. */
function section(group: string, types: readonly EventTypeInfo[]): string[] {
  const fields = new Map(types.map(({ type, json_schema }) => [type, fieldsOf(json_schema as Schema)]));
  const [first = [], ...others] = [...fields.values()];
  const isShared = ({ row }: Field) => others.every((each) => each.some((field) => field.row === row));
  const shared = types.length > 1 ? first.filter(isShared) : [];
  return [
    "",
    `## ${group}`,
    ...(shared.length > 0 ? ["", `Every \`${group}.*\` has in \`data\`:`, "", ...table(shared)] : []),
    ...types.flatMap(({ type, description }) => {
      const own = (fields.get(type) ?? []).filter(({ row }) => !shared.some((field) => field.row === row));
      return ["", `### ${type}`, "", description, ...(own.length > 0 ? ["", ...table(own)] : [])];
    }),
  ];
}

function table(fields: readonly Field[]): string[] {
  return ["| field | type | meaning |", "|---|---|---|", ...fields.map(({ row }) => row)];
}

function fieldsOf({ properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? "" : ", may be absent";
    return { row: `| \`${name}\` | ${kindOf(schema)}${optional} | ${schema.description ?? ""} |` };
  });
}

/** A schema in words. */
function kindOf({ type, format, enum: values, anyOf, items, properties, additionalProperties }: Schema): string {
  if (anyOf) return anyOf.map(kindOf).join(" or ");
  if (values) return values.map((value) => `\`${String(value)}\``).join(", ");
  if (format === "date-time") return "time";
  if (format === "email") return "e-mail address";
  if (type === "array") return `array of ${items ? kindOf(items) : "anything"}`;
  if (properties)
    return `object of ${Object.keys(properties)
      .map((name) => `\`${name}\``)
      .join(", ")}`;
  if (additionalProperties) return `object of ${kindOf(additionalProperties)}s`;
  return [type ?? "anything"].flat().join(" or ");
}
