import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { StreamMessage } from "@/lib/contracts/stream";
import { listen } from "@/lib/db/listen";
import { notify } from "@/lib/db/pool";
import {
  type Announcement,
  isForEverybody,
  LIVE_CHANNEL,
  nothingWaiting,
  parseAnnouncement,
  type Waiting,
} from "@/lib/live/channel";
import { log } from "@/lib/log";
import { receiverRequestsByIds } from "@/lib/receiver/queries";
import { replaysByIds } from "@/lib/replay/queries";
import { reservationsByIds } from "@/lib/reservations/queries";
import { deliveriesByIds } from "@/lib/webhooks/delivery-queries";
import { eventNewsByIds } from "@/lib/webhooks/event-counts";

declare global {
  var dumontHub: LiveHub | undefined;
}

/** What somebody who watches a project is told. `end` means that the server is closing. */
export type Subscriber = { send: (message: StreamMessage) => void; end: () => void };

/** Milliseconds for which a project's announcements gather before its rows are read. */
const GATHER_MS = 75;
/** After more rows than this in one message the next one waits longer: nobody reads faster. */
const MANY_ROWS = 50;
const MANY_ROWS_WAIT_MS = 500;
/** More changes than this at once are told as "read again", which costs a screen one page instead of thousands of rows. */
const ROWS_AT_ONCE = 200;
/** Milliseconds until a project that changes that fast, or whose rows could not be read, is looked at again. */
const READ_AGAIN_WAIT_MS = 2000;
/** Milliseconds between two tries to hear the own voice. */
const PROOF_EVERY_MS = 250;

/**
 * Brings the announcements of all processes to those who watch, over one listening connection per web process. Rows
 * are read once per project, however many watch it.
 */
export class LiveHub {
  readonly #watched = new Map<string, Set<Subscriber>>();
  readonly #gathering = new Map<string, Waiting>();
  /** Projects whose rows are being gathered or read; one round at a time each, so messages keep their order. */
  readonly #busy = new Set<string>();
  readonly #closing = new AbortController();
  readonly #name = randomUUID();
  #started = false;
  #heard = false;

  /**
   * From now on the subscriber is told what changes in the project, and told to read again whenever something may have
   * been missed.
   * @returns the way to leave
   */
  subscribe(projectId: string, subscriber: Subscriber): () => void {
    if (this.#closing.signal.aborted) {
      subscriber.end();
      return () => {};
    }
    this.#start();
    const subscribers = this.#watched.get(projectId) ?? new Set();
    this.#watched.set(projectId, subscribers.add(subscriber));
    return () => {
      subscribers.delete(subscriber);
      if (subscribers.size === 0 && this.#watched.get(projectId) === subscribers) this.#watched.delete(projectId);
    };
  }

  /** Ends all streams and the listening. */
  close(): void {
    this.#closing.abort();
    for (const subscriber of [...this.#watched.values()].flatMap((subscribers) => [...subscribers])) subscriber.end();
    this.#watched.clear();
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const { signal } = this.#closing;
    listen([LIVE_CHANNEL, this.#ownChannel], (channel, payload) => this.#hear(channel, payload), {
      signal,
      onGap: () => this.#tellAllToReadAgain(),
    }).catch((err: unknown) => log.error({ err }, "the live stream stopped listening"));
    this.#proveListening(signal).catch((err: unknown) => log.error({ err }, "the live stream could not be proved"));
  }

  get #ownChannel(): string {
    return `dumont_live_${this.#name}`;
  }

  /**
   * Those who came before the connection listened for the first time may have missed something and learn so here. That
   * it listens is known when a message to oneself comes back.
   */
  async #proveListening(signal: AbortSignal): Promise<void> {
    while (!this.#heard && !signal.aborted) {
      await notify(this.#ownChannel, "").catch(() => undefined);
      await sleep(PROOF_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #hear(channel: string, payload: string): void {
    if (channel === this.#ownChannel) {
      if (!this.#heard) this.#tellAllToReadAgain();
      this.#heard = true;
      return;
    }
    const announcement = parseAnnouncement(payload);
    if (!announcement) return;
    if (isForEverybody(announcement))
      for (const projectId of this.#watched.keys()) this.#gather(projectId, announcement);
    else if (this.#watched.has(announcement.p)) this.#gather(announcement.p, announcement);
  }

  #gather(projectId: string, announcement: Announcement): void {
    const gathering = this.#gathering.get(projectId) ?? nothingWaiting();
    this.#gathering.set(projectId, gathering);
    for (const id of announcement.d ?? []) gathering.deliveries.add(id);
    for (const id of announcement.e ?? []) gathering.events.add(id);
    for (const id of announcement.r ?? []) gathering.requests.add(id);
    for (const id of announcement.y ?? []) gathering.replays.add(id);
    for (const id of announcement.v ?? []) gathering.reservations.add(id);
    for (const id of announcement.g ?? []) gathering.pools.add(id);
    for (const id of announcement.i ?? []) gathering.instances.add(id);
    if (announcement.w) gathering.webhooks = true;
    if (announcement.c) gathering.credits = true;
    if (announcement.l) gathering.waitlist = true;
    this.#work(projectId).catch((err: unknown) => log.error({ err }, "live changes could not be told"));
  }

  async #work(projectId: string): Promise<void> {
    if (this.#busy.has(projectId)) return;
    this.#busy.add(projectId);
    try {
      while (this.#gathering.has(projectId)) {
        await this.#pause(GATHER_MS);
        const gathered = this.#gathering.get(projectId) ?? nothingWaiting();
        this.#gathering.delete(projectId);
        if (!this.#watched.has(projectId)) continue;
        await this.#pause(await this.#tell(projectId, gathered));
      }
    } finally {
      this.#busy.delete(projectId);
    }
  }

  /** @returns the milliseconds for which the project should be left alone */
  async #tell(projectId: string, gathered: Waiting): Promise<number> {
    const { deliveries, events, requests, replays, reservations, pools } = gathered;
    if (Math.max(deliveries.size + requests.size, events.size, reservations.size) > ROWS_AT_ONCE) {
      this.#send(projectId, { kind: "resync" });
      return READ_AGAIN_WAIT_MS;
    }
    try {
      const [rows, received, jobs, booked] = await Promise.all([
        deliveries.size === 0 ? [] : deliveriesByIds(projectId, [...deliveries]),
        requests.size === 0 ? [] : receiverRequestsByIds(projectId, [...requests]),
        replays.size === 0 ? [] : replaysByIds(projectId, [...replays]),
        reservations.size === 0 ? [] : reservationsByIds(projectId, [...reservations]),
      ]);
      // An event's counts change with its deliveries.
      const eventIds = new Set([...events, ...rows.map((row) => row.event_id)]);
      const news = eventIds.size === 0 ? [] : await eventNewsByIds(projectId, [...eventIds]);
      if (gathered.webhooks) this.#send(projectId, { kind: "webhooks_changed" });
      if (rows.length > 0) this.#send(projectId, { kind: "deliveries", deliveries: rows });
      if (news.length > 0) this.#send(projectId, { kind: "events", events: news });
      if (jobs.length > 0) this.#send(projectId, { kind: "replays", replays: jobs });
      if (received.length > 0) this.#send(projectId, { kind: "receiver_requests", requests: received });
      if (booked.length > 0) this.#send(projectId, { kind: "reservations", reservations: booked });
      if (pools.size > 0) this.#send(projectId, { kind: "pools_changed", pool_ids: [...pools] });
      if (gathered.instances.size > 0) this.#send(projectId, { kind: "instances", ids: [...gathered.instances] });
      if (gathered.credits) this.#send(projectId, { kind: "credits_changed" });
      if (gathered.waitlist) this.#send(projectId, { kind: "waitlist_changed" });
      return rows.length + received.length > MANY_ROWS ? MANY_ROWS_WAIT_MS : 0;
    } catch (err) {
      log.warn({ err, project: projectId }, "live changes could not be read");
      this.#send(projectId, { kind: "resync" });
      return READ_AGAIN_WAIT_MS;
    }
  }

  #send(projectId: string, message: StreamMessage): void {
    for (const subscriber of this.#watched.get(projectId) ?? []) subscriber.send(message);
  }

  #tellAllToReadAgain(): void {
    for (const projectId of this.#watched.keys()) this.#send(projectId, { kind: "resync" });
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

/** The hub of this process, however often Next.js loads this module. */
export function liveHub(): LiveHub {
  if (!globalThis.dumontHub) {
    const hub = new LiveHub();
    globalThis.dumontHub = hub;
    // A closing server waits for requests under way, and an open stream would keep it waiting for ever.
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => hub.close());
  }
  return globalThis.dumontHub;
}
