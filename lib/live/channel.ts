import { z } from "zod";
import { notify } from "@/lib/db/pool";
import { log } from "@/lib/log";

/** The one PostgreSQL channel over which the processes tell each other what changed. */
export const LIVE_CHANNEL = "dumont_live";

/** Announcements of this many milliseconds travel together. */
const COALESCE_MS = 50;
/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const PAYLOAD_BYTES = 7900;

/** What is the same for everybody, whatever the project. */
const EVERYBODY = "*";

const announcementSchema = z.object({
  /** The project, or EVERYBODY. */
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
  /** Ids of reservations that are new or changed. */
  v: z.array(z.string()).optional(),
  /** Ids of pools in which something was booked, moved or given back, or whose rules changed. */
  g: z.array(z.string()).optional(),
  /** The project's credits changed. */
  c: z.literal(1).optional(),
  /** The project's waiting list changed. */
  l: z.literal(1).optional(),
  /** Ids of instances that are new or changed, or whose snapshots did. */
  i: z.array(z.string()).optional(),
});

export type Announcement = z.infer<typeof announcementSchema>;

/** What was announced for a project and not told yet. */
export type Waiting = {
  deliveries: Set<string>;
  events: Set<string>;
  requests: Set<string>;
  replays: Set<string>;
  reservations: Set<string>;
  pools: Set<string>;
  instances: Set<string>;
  webhooks: boolean;
  credits: boolean;
  waitlist: boolean;
};

export function nothingWaiting(): Waiting {
  return {
    deliveries: new Set(),
    events: new Set(),
    requests: new Set(),
    replays: new Set(),
    reservations: new Set(),
    pools: new Set(),
    instances: new Set(),
    webhooks: false,
    credits: false,
    waitlist: false,
  };
}

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

/** The same for reservations. */
export function announceReservations(projectId: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const { reservations } = waitingOf(projectId);
  for (const id of ids) reservations.add(id);
}

/** The same for pools of which more or less is free than before: all consoles hear of it, whatever their project. */
export function announcePools(ids: readonly string[]): void {
  if (ids.length === 0) return;
  const { pools } = waitingOf(EVERYBODY);
  for (const id of ids) pools.add(id);
}

/** The same for instances and their snapshots. */
export function announceInstances(projectId: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const { instances } = waitingOf(projectId);
  for (const id of ids) instances.add(id);
}

/** The same for a project's credits, which are read again as a whole. */
export function announceCredits(projectId: string): void {
  waitingOf(projectId).credits = true;
}

/** The same for a project's waiting list. */
export function announceWaitlist(projectId: string): void {
  waitingOf(projectId).waitlist = true;
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

/** Whether an announcement is for everybody rather than for one project. */
export function isForEverybody({ p }: Announcement): boolean {
  return p === EVERYBODY;
}

/** The announcements of one project as payloads that PostgreSQL takes, none above 7,900 bytes. */
export function payloadsOf(projectId: string, waiting: Waiting): string[] {
  const { deliveries, events, requests, replays, reservations, pools, instances } = waiting;
  const { webhooks, credits, waitlist } = waiting;
  return [
    ...chunked(deliveries, (d) => JSON.stringify({ p: projectId, d })),
    ...chunked(events, (e) => JSON.stringify({ p: projectId, e })),
    ...chunked(requests, (r) => JSON.stringify({ p: projectId, r })),
    ...chunked(replays, (y) => JSON.stringify({ p: projectId, y })),
    ...chunked(reservations, (v) => JSON.stringify({ p: projectId, v })),
    ...chunked(pools, (g) => JSON.stringify({ p: projectId, g })),
    ...chunked(instances, (i) => JSON.stringify({ p: projectId, i })),
    ...(webhooks ? [JSON.stringify({ p: projectId, w: 1 })] : []),
    ...(credits ? [JSON.stringify({ p: projectId, c: 1 })] : []),
    ...(waitlist ? [JSON.stringify({ p: projectId, l: 1 })] : []),
  ];
}

function waitingOf(projectId: string): Waiting {
  let found = waiting.get(projectId);
  if (!found) {
    found = nothingWaiting();
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
