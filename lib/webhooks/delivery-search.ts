import { DELIVERY_FILTER_LIMITS } from "@/lib/contracts/deliveries";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";

/** What the text of a search means. */
export type Found =
  | { kind: "nothing" }
  /** Ids of deliveries from the one up to the other, which is excluded. */
  | { kind: "deliveries"; from: string; to: string }
  | { kind: "webhooks"; ids: string[] }
  /** A condition on `event_id`; `isFew`: it names little enough to be looked up. */
  | { kind: "events"; condition: Prisma.Sql; isFew: boolean };

/** Events that a search looks up one by one. */
const FEW_EVENTS = 500;
/** The highest character that an id can go on with is below this one. */
const AFTER = "~";

/**
 * The prefix tells which id is meant; anything else can only be a correlation id, which must be whole. An event's own
 * id is also the correlation id of what belongs to no workflow.
 * @param projectId null: in the whole installation
 */
export async function findByText(projectId: string | null, text: string): Promise<Found> {
  const project = projectId === null ? {} : { projectId };
  if (text.startsWith("dlv_")) return { kind: "deliveries", from: text, to: `${text}${AFTER}` };
  if (text.startsWith("wh_")) return findWebhooks(project, text);
  const prefixed = text.startsWith("evt_") ? { gte: text, lt: `${text}${AFTER}` } : undefined;
  const [named, correlated] = await Promise.all([
    prefixed === undefined ? [] : eventsWhere({ ...project, id: prefixed }),
    eventsWhere({ ...project, correlationId: text }),
  ]);
  if (named.length <= FEW_EVENTS && correlated.length <= FEW_EVENTS) {
    const ids = [...new Set([...named, ...correlated])];
    if (ids.length === 0) return { kind: "nothing" };
    return { kind: "events", condition: Prisma.sql`event_id IN (${Prisma.join(ids)})`, isFew: true };
  }
  const inWorkflow = Prisma.sql`EXISTS (SELECT FROM event WHERE event.id = delivery.event_id AND correlation_id = ${text})`;
  const condition =
    prefixed === undefined
      ? inWorkflow
      : Prisma.sql`((event_id >= ${prefixed.gte} AND event_id < ${prefixed.lt}) OR ${inWorkflow})`;
  return { kind: "events", condition, isFew: false };
}

async function findWebhooks(project: { projectId?: string }, text: string): Promise<Found> {
  const rows = await db.webhook.findMany({
    where: { ...project, id: { gte: text, lt: `${text}${AFTER}` } },
    orderBy: { id: "desc" },
    select: { id: true },
    take: DELIVERY_FILTER_LIMITS.webhooks,
  });
  return rows.length === 0 ? { kind: "nothing" } : { kind: "webhooks", ids: rows.map(({ id }) => id) };
}

async function eventsWhere(where: Prisma.EventWhereInput): Promise<string[]> {
  const rows = await db.event.findMany({ where, select: { id: true }, take: FEW_EVENTS + 1 });
  return rows.map(({ id }) => id);
}
