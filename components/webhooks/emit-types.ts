import type { z } from "zod";
import { isCovered } from "@/components/webhooks/event-selection";
import { CUSTOM_GROUP, eventTypeCatalogue, eventTypeNames, isEmittableType } from "@/lib/contracts/event-types";
import { emitEventBody } from "@/lib/contracts/events";
import type { WebhookFilter } from "@/lib/contracts/webhooks";

type EventBody = z.input<typeof emitEventBody>;

const CATALOGUE = eventTypeNames.filter(isEmittableType);
const EXAMPLES = new Map<string, Record<string, unknown>>(
  eventTypeCatalogue().map(({ type, example }) => [type, example]),
);

/**
 * The types that a publisher may emit and that these patterns cover: those of the catalogue, then custom ones. Where any
 * custom type is covered but none named, an invented one stands for them.
 */
export function emittableTypes(patterns: readonly string[]): string[] {
  const own = patterns.filter((pattern) => isEmittableType(pattern) && !EXAMPLES.has(pattern));
  const invented = `${CUSTOM_GROUP}.example`;
  const custom = own.length === 0 && isCovered(patterns, invented) ? [invented] : own;
  return [...CATALOGUE.filter((type) => isCovered(patterns, type)), ...custom];
}

/** Example `data` of a type, as indented JSON to start from. */
export function exampleData(type: string): string {
  return JSON.stringify(EXAMPLES.get(type) ?? { note: "Anything you like" }, null, 2);
}

/** Fields with which an event passes the filter. */
export function passingFields(filter: WebhookFilter | null): Pick<EventBody, "application" | "environment" | "labels"> {
  const { applications, environments, labels } = filter ?? {};
  return {
    ...(applications?.[0] !== undefined && { application: applications[0] }),
    ...(environments?.[0] !== undefined && { environment: environments[0] }),
    ...(labels !== undefined && { labels }),
  };
}

/** The JSON object in the text, or what is wrong with it. */
export function parseData(text: string): { data: EventBody["data"] } | { error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { error: `This is not valid JSON${error instanceof Error ? `: ${error.message}` : ""}.` };
  }
  const object = emitEventBody.shape.data.safeParse(value);
  return object.success
    ? { data: object.data }
    : { error: 'The data must be a JSON object, such as {"name": "value"}.' };
}
