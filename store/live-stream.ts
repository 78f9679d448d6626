import {
  type ActionCreatorWithoutPayload,
  createAction,
  createListenerMiddleware,
  isAnyOf,
  isRejectedWithValue,
  type ListenerMiddlewareInstance,
} from "@reduxjs/toolkit";
import { type Health, healthSchema } from "@/lib/contracts/health";
import { type StreamMessage, streamMessageSchema, streamProject } from "@/lib/contracts/stream";
import { accountsApi } from "@/store/accounts-api";
import { api } from "@/store/api";
import { isApiError } from "@/store/api-error";
import { backoffMs } from "@/store/backoff";
import { takeInConfigEvents } from "@/store/config-mirror";
import { deliveriesApi } from "@/store/deliveries-api";
import { newlyGivenUp } from "@/store/delivery-mirror";
import { resyncEvents, takeInEventPages, takeInEvents } from "@/store/event-mirror";
import { openStream, untilVisible, waitOrOnline } from "@/store/event-source";
import { eventsApi } from "@/store/events-api";
import {
  isOutdated,
  type Mirror,
  type MirrorDispatch,
  type MirrorState,
  resync,
  takeInDeliveries,
  takeInPages,
  takeInReceiverRequests,
  takeInReplays,
} from "@/store/live-mirror";
import {
  databaseCameBack,
  databaseWentDown,
  deliveriesGivenUp,
  sessionEnded,
  signOfLife,
  statusChanged,
  streamStarted,
  streamStopped,
} from "@/store/live-slice";
import { replaysApi } from "@/store/replays-api";
import { request } from "@/store/request";
import { BOOKING_VIEWS, takeInReservations } from "@/store/reservation-stream";

type Listener = ListenerMiddlewareInstance<MirrorState, MirrorDispatch>;

/** How long after a reason something is read again, and how often at most while there are ever more, in ms. */
type Pace = { afterMs: number; everyMs: number };
/** The counts that follow from deliveries. */
const COUNTS: Pace = { afterMs: 3000, everyMs: 3000 };
/** Calendars, what is free and the pools: soon, though on a busy fleet somebody books all the time. */
const BOOKINGS: Pace = { afterMs: 300, everyMs: 2000 };
/** Several reasons to read everything again within this time, in ms, are one. */
const RESYNC_WAIT_MS = 200;
/** Milliseconds between two readings of everything while reasons keep coming. */
const NEXT_RESYNC_MS = 2000;
/** Milliseconds between two looks whether a database that was down is back. */
const HEALTH_EVERY_MS = 2000;
/** Milliseconds between two looks whether it is still there, for pages that ask the API nothing for a long time. */
const WATCH_EVERY_MS = 10_000;

/** Instances that somebody watches boot: at once, though many of a booking change together. */
const INSTANCES: Pace = { afterMs: 100, everyMs: 1000 };
/** A workflow that somebody watches: soon, and in steps while it is busy. */
const WORKFLOWS: Pace = { afterMs: 300, everyMs: 1500 };

/** Something may have been missed by what was asked for before `until`, Unix ms; undefined: by anything. */
const resyncRequested = createAction<{ until?: number }>("live/resyncRequested");
const countsOutdated = createAction("live/countsOutdated");
const bookingsOutdated = createAction("live/bookingsOutdated");
const poolsOutdated = createAction("live/poolsOutdated");
const instancesOutdated = createAction("live/instancesOutdated");
const workflowsOutdated = createAction("live/workflowsOutdated");

/**
 * Owns the tab's one EventSource and everything that follows from its messages. Effects live here and not in the
 * endpoints, because each cache entry would open a connection of its own and browsers allow six per server.
 */
export function createLiveMiddleware() {
  const listener: Listener = createListenerMiddleware<MirrorState, MirrorDispatch>();

  listener.startListening({
    matcher: isAnyOf(streamStarted, streamStopped),
    effect: async (action, effect) => {
      effect.cancelActiveListeners();
      if (!streamStarted.match(action)) return;
      effect.fork(async ({ delay, signal }) => {
        while (!signal.aborted) {
          await delay(WATCH_EVERY_MS);
          if (!document.hidden && (await askDatabase(signal)) === "down") effect.dispatch(databaseWentDown());
        }
      });
      await keepOpen(action.payload, effect, effect.signal);
    },
  });

  // One at a time and never cut short: on a busy project there would otherwise be reasons to begin anew for ever.
  let resyncing = false;
  let again: number | null = null;
  listener.startListening({
    actionCreator: resyncRequested,
    effect: async ({ payload }, effect) => {
      again = Math.max(again ?? 0, payload.until ?? Number.POSITIVE_INFINITY);
      if (resyncing) return;
      resyncing = true;
      try {
        for (let wait = RESYNC_WAIT_MS; again !== null; wait = NEXT_RESYNC_MS) {
          await effect.delay(wait);
          const until: number = again;
          again = null;
          await resync(effect, effect.signal, until);
          await resyncEvents(effect, effect.signal);
        }
      } finally {
        resyncing = false;
      }
    },
  });

  readAgain(listener, countsOutdated, COUNTS, ["Overview", "WebhookHealth", "DeliveryHistogram", "Replay"]);
  readAgain(listener, bookingsOutdated, BOOKINGS, [...BOOKING_VIEWS]);
  readAgain(listener, poolsOutdated, BOOKINGS, ["Pool"]);
  readAgain(listener, instancesOutdated, INSTANCES, ["Instance", "Snapshot"]);
  readAgain(listener, workflowsOutdated, WORKFLOWS, ["Workflow"]);

  listener.startListening({
    matcher: deliveriesApi.endpoints.listDeliveries.matchFulfilled,
    effect: (action, effect) => takeInPages(effect, action.meta.arg.originalArgs),
  });

  listener.startListening({
    matcher: deliveriesApi.endpoints.getDelivery.matchFulfilled,
    effect: async (action, effect) => {
      if (!isOutdated(effect, action.payload)) return;
      await effect.delay(RESYNC_WAIT_MS);
      effect.dispatch(api.util.invalidateTags([{ type: "Delivery", id: action.payload.id }]));
    },
  });

  listener.startListening({
    matcher: deliveriesApi.endpoints.retryDelivery.matchFulfilled,
    effect: (action, effect) => takeInDeliveries(effect, [action.payload]),
  });

  const { pauseReplay, resumeReplay, cancelReplay, updateReplay } = replaysApi.endpoints;
  for (const { matchFulfilled } of [pauseReplay, resumeReplay, cancelReplay]) {
    listener.startListening({
      matcher: matchFulfilled,
      effect: (action, effect) => takeInReplays(effect, [action.payload]),
    });
  }
  listener.startListening({
    matcher: updateReplay.matchFulfilled,
    effect: (action, effect) => takeInReplays(effect, [action.payload]),
  });

  listener.startListening({
    matcher: eventsApi.endpoints.listEvents.matchFulfilled,
    effect: (action, effect) => takeInEventPages(effect, action.meta.arg.originalArgs),
  });

  listener.startListening({
    matcher: eventsApi.endpoints.sendEvent.matchFulfilled,
    effect: (action, effect) => takeInDeliveries(effect, action.payload.deliveries),
  });

  listener.startListening({
    matcher: isRejectedWithValue,
    effect: (action, { dispatch }) => {
      const code = isApiError(action.payload) ? action.payload.problem?.code : undefined;
      if (code === "unavailable") dispatch(databaseWentDown());
      if (code === "unauthenticated") dispatch(sessionEnded());
    },
  });

  listener.startListening({
    actionCreator: databaseWentDown,
    effect: async (_action, effect) => {
      effect.unsubscribe();
      try {
        do await effect.delay(HEALTH_EVERY_MS);
        while ((await askDatabase(effect.signal)) !== "ok");
      } finally {
        effect.subscribe();
      }
      effect.dispatch(databaseCameBack());
      effect.dispatch(api.util.invalidateTags(["Event", "EventType"]));
      effect.dispatch(resyncRequested({}));
    },
  });

  return listener.middleware;
}

/** Reads again what has these tags whenever it is said to be out of date; what is said meanwhile is covered by it. */
function readAgain(
  listener: Listener,
  outdated: ActionCreatorWithoutPayload,
  { afterMs, everyMs }: Pace,
  tags: Parameters<typeof api.util.invalidateTags>[0],
): void {
  let last = Number.NEGATIVE_INFINITY;
  listener.startListening({
    actionCreator: outdated,
    effect: async (_action, effect) => {
      effect.unsubscribe();
      await effect.delay(Math.max(afterMs, last + everyMs - performance.now())).finally(effect.subscribe);
      last = performance.now();
      effect.dispatch(api.util.invalidateTags(tags));
    },
  });
}

async function keepOpen(projectId: string, mirror: Mirror, signal: AbortSignal): Promise<void> {
  const { dispatch } = mirror;
  const { url } = request(streamProject, { params: { project_id: projectId } });
  let failures = 0;
  while (!signal.aborted) {
    if (document.hidden) {
      dispatch(statusChanged("paused"));
      await untilVisible(signal);
      failures = 0;
      continue;
    }
    dispatch(statusChanged(failures === 0 ? "connecting" : "reconnecting"));
    const { opened, ended } = await openStream(url, {
      signal,
      onOpen: () => {
        dispatch(statusChanged("live"));
        // What changed between the reading of what is on screen and this moment came by no stream. What is asked for from
        // now on misses nothing: the server listens before it opens the stream, or says "resync" once it does.
        dispatch(resyncRequested({ until: Date.now() }));
      },
      onSignOfLife: () => dispatch(signOfLife(Date.now())),
      onMessage: (text) => takeIn(mirror, text),
    });
    if (signal.aborted) return;
    if (ended === "hidden") continue;
    failures = opened ? 1 : failures + 1;
    dispatch(statusChanged("reconnecting"));
    // An EventSource does not tell why it was refused; an ordinary call does, and its answer sets the banners.
    if (!opened) dispatch(accountsApi.endpoints.getMe.initiate(undefined, { forceRefetch: true, subscribe: false }));
    await waitOrOnline(backoffMs(failures), signal);
  }
}

function takeIn(mirror: Mirror, text: string): void {
  const message = parseMessage(text);
  switch (message?.kind) {
    case "deliveries":
      mirror.dispatch(deliveriesGivenUp(newlyGivenUp(mirror.getState().live.seen, message.deliveries)));
      takeInDeliveries(mirror, message.deliveries);
      mirror.dispatch(countsOutdated());
      mirror.dispatch(workflowsOutdated());
      return;
    case "events":
      takeInConfigEvents(mirror, message.events);
      takeInEvents(mirror, message.events);
      mirror.dispatch(countsOutdated());
      mirror.dispatch(workflowsOutdated());
      return;
    case "receiver_requests":
      takeInReceiverRequests(mirror, message.requests);
      mirror.dispatch(api.util.invalidateTags(["Receiver"]));
      return;
    case "replays":
      takeInReplays(mirror, message.replays);
      return;
    case "reservations":
      takeInReservations(mirror, message.reservations);
      mirror.dispatch(bookingsOutdated());
      return;
    case "pools_changed":
      mirror.dispatch(poolsOutdated());
      mirror.dispatch(bookingsOutdated());
      return;
    case "instances":
      mirror.dispatch(instancesOutdated());
      return;
    case "credits_changed":
      mirror.dispatch(api.util.invalidateTags(["Credit"]));
      return;
    case "waitlist_changed":
      mirror.dispatch(api.util.invalidateTags(["Waitlist"]));
      return;
    case "webhooks_changed":
      mirror.dispatch(api.util.invalidateTags(["Webhook", "WebhookHealth", "Verdict"]));
      return;
    default:
      // "resync", or a message of a newer server that this page does not know: reading again is always right.
      mirror.dispatch(resyncRequested({}));
  }
}

function parseMessage(text: string): StreamMessage | undefined {
  try {
    return streamMessageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** @returns undefined when there is no answer at all, which the state of the stream tells */
async function askDatabase(signal: AbortSignal): Promise<Health["database"] | undefined> {
  try {
    const response = await fetch("/api/health", { cache: "no-store", signal });
    return healthSchema.parse(await response.json()).database;
  } catch {
    return undefined;
  }
}
