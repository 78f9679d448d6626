import { z } from "zod";
import { notify } from "@/lib/db/pool";
import { log } from "@/lib/log";

/** The one PostgreSQL channel over which the processes tell each other what changed. */
export const LIVE_CHANNEL = "dumont_live";

/** Announcements of this many milliseconds travel together. */
const COALESCE_MS = 50;
/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const PAYLOAD_BYTES = 7900;

const announcementSchema = z.object({
  /** The project. */
  p: z.string(),
  /** Ids of deliveries that are new or changed. */
  d: z.array(z.string()).optional(),
  /** Ids of events that are new. */
  e: z.array(z.string()).optional(),
  /** Ids of requests that the test receiver got. */
  r: z.array(z.string()).optional(),
  /** Webhooks were created, changed or deleted. */
  w: z.literal(1).optional(),
  /** Ids of replays that are new or changed. */
  y: z.array(z.string()).optional(),
});

export type Announcement = z.infer<typeof announcementSchema>;

type Waiting = {
  deliveries: Set<string>;
  events: Set<string>;
  requests: Set<string>;
  replays: Set<string>;
  webhooks: boolean;
};

let waiting = new Map<string, Waiting>();
let sending: Promise<void> | undefined;

/**
 * Tells every console that these deliveries are new or changed. Call it after the commit, so that whoever looks finds
 * the change. It returns at once and never fails: a lost announcement costs a screen a moment, not data.
 */
export function announceDeliveries(projectId: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const { deliveries } = waitingOf(projectId);
  for (const id of ids) deliveries.add(id);
}

/** The same for events that were emitted; those whose deliveries change need no announcement of their own. */
export function announceEvents(projectId: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const { events } = waitingOf(projectId);
  for (const id of ids) events.add(id);
}

/** The same for requests that the test receiver got. */
export function announceReceiverRequests(projectId: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const { requests } = waitingOf(projectId);
  for (const id of ids) requests.add(id);
}

/** The same for replays. */
export function announceReplays(projectId: string, ids: readonly string[]): void {
  const { replays } = waitingOf(projectId);
  for (const id of ids) replays.add(id);
}

/** The same for a project's webhooks, which are few and read again as a whole. */
export function announceWebhooksChanged(projectId: string): void {
  waitingOf(projectId).webhooks = true;
}

/** Resolves when everything announced so far is sent or given up: for a process that is about to end. */
export async function flushAnnouncements(): Promise<void> {
  while (sending) await sending;
}

/** @returns undefined for a payload that is not ours */
export function parseAnnouncement(payload: string): Announcement | undefined {
  try {
    return announcementSchema.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}

/** The announcements of one project as payloads that PostgreSQL takes, none above 7,900 bytes. */
export function payloadsOf(projectId: string, { deliveries, events, requests, replays, webhooks }: Waiting): string[] {
  return [
    ...chunked(deliveries, (d) => JSON.stringify({ p: projectId, d })),
    ...chunked(events, (e) => JSON.stringify({ p: projectId, e })),
    ...chunked(requests, (r) => JSON.stringify({ p: projectId, r })),
    ...chunked(replays, (y) => JSON.stringify({ p: projectId, y })),
    ...(webhooks ? [JSON.stringify({ p: projectId, w: 1 })] : []),
  ];
}

function waitingOf(projectId: string): Waiting {
  let found = waiting.get(projectId);
  if (!found) {
    found = { deliveries: new Set(), events: new Set(), requests: new Set(), replays: new Set(), webhooks: false };
    waiting.set(projectId, found);
  }
  sending ??= sendWaiting();
  return found;
}

/** One sender at a time: while the database is slow, what is announced meanwhile gathers for the next round. */
async function sendWaiting(): Promise<void> {
  do {
    await new Promise((resolve) => setTimeout(resolve, COALESCE_MS));
    const round = waiting;
    waiting = new Map();
    for (const [projectId, announced] of round) {
      for (const payload of payloadsOf(projectId, announced)) {
        await notify(LIVE_CHANNEL, payload).catch((err: unknown) =>
          log.warn({ err, project: projectId }, "a live announcement was lost"),
        );
      }
    }
  } while (waiting.size > 0);
  sending = undefined;
}

function chunked(ids: ReadonlySet<string>, encode: (ids: string[]) => string): string[] {
  const payloads: string[] = [];
  let chunk: string[] = [];
  let size = Buffer.byteLength(encode([]));
  const empty = size;
  for (const id of ids) {
    // The quoted id and the comma before it.
    const added = Buffer.byteLength(JSON.stringify(id)) + 1;
    if (chunk.length > 0 && size + added > PAYLOAD_BYTES) {
      payloads.push(encode(chunk));
      chunk = [];
      size = empty;
    }
    chunk.push(id);
    size += added;
  }
  if (chunk.length > 0) payloads.push(encode(chunk));
  return payloads;
}
