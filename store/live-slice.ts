import { createSlice, type PayloadAction } from "@reduxjs/toolkit";
import type { Delivery } from "@/lib/contracts/deliveries";
import type { EventNews } from "@/lib/contracts/events";

/** "paused": the tab is hidden, so nothing is received on purpose. */
export type LiveStatus = "connecting" | "live" | "reconnecting" | "paused";

/** Deliveries of one webhook that were given up while the page was open. */
export type GivenUp = {
  count: number;
  /** The last of them. */
  deliveryId: string;
};

type LiveState = {
  projectId: string | null;
  status: LiveStatus;
  /** Milliseconds since 1970, by this browser's clock; null before the first sign of life. */
  lastMessageAt: number | null;
  database: "ok" | "down";
  session: "active" | "ended";
  /** Deliveries seen on the stream, by id, oldest sight first: what lists are told to be new is counted from these. */
  seen: Record<string, Delivery>;
  /** The same of events. */
  seenEvents: Record<string, EventNews>;
  /** Ids of test receiver requests that came by the stream and are in no list yet. */
  newReceiverRequests: string[];
  /** What was given up and is neither dismissed nor looked at, by webhook. */
  givenUp: Record<string, GivenUp>;
};

/** More than a screen can show and little enough to keep; past this the count of new rows is a lower bound. */
export const SEEN_LIMIT = 2000;
const RECEIVER_LIMIT = 200;

const initialState: LiveState = {
  projectId: null,
  status: "connecting",
  lastMessageAt: null,
  database: "ok",
  session: "active",
  seen: {},
  seenEvents: {},
  newReceiverRequests: [],
  givenUp: {},
};

/** The state of the connection and what it has brought that no list shows yet. */
export const liveSlice = createSlice({
  name: "live",
  initialState,
  reducers: {
    /** Opens the project's stream, closing any other. Dispatched by one effect of the console's layout. */
    streamStarted: (state, { payload: projectId }: PayloadAction<string>) => {
      if (state.projectId !== projectId) {
        state.seen = {};
        state.seenEvents = {};
        state.newReceiverRequests = [];
        state.givenUp = {};
        state.lastMessageAt = null;
      }
      state.projectId = projectId;
      state.status = "connecting";
      state.session = "active";
    },
    streamStopped: (state) => {
      state.status = "paused";
    },
    statusChanged: (state, { payload }: PayloadAction<LiveStatus>) => {
      state.status = payload;
      // The server has let the stream in: the person signed in again, perhaps in another tab.
      if (payload === "live") state.session = "active";
    },
    /** Anything at all came by the stream, at this time in milliseconds. */
    signOfLife: (state, { payload }: PayloadAction<number>) => {
      state.lastMessageAt = payload;
    },
    deliveriesSeen: (state, { payload }: PayloadAction<Delivery[]>) => {
      for (const delivery of payload) {
        const held = state.seen[delivery.id];
        if (!held || delivery.revision > held.revision) state.seen[delivery.id] = delivery;
      }
      const ids = Object.keys(state.seen);
      for (const id of ids.slice(0, Math.max(0, ids.length - SEEN_LIMIT))) delete state.seen[id];
    },
    eventsSeen: (state, { payload }: PayloadAction<EventNews[]>) => {
      for (const event of payload) {
        const held = state.seenEvents[event.id];
        if (!held || event.delivery_counts.revision > held.delivery_counts.revision) state.seenEvents[event.id] = event;
      }
      const ids = Object.keys(state.seenEvents);
      for (const id of ids.slice(0, Math.max(0, ids.length - SEEN_LIMIT))) delete state.seenEvents[id];
    },
    receiverRequestsSeen: (state, { payload }: PayloadAction<string[]>) => {
      state.newReceiverRequests = [...new Set([...state.newReceiverRequests, ...payload])].slice(-RECEIVER_LIMIT);
    },
    /** The list of receiver requests was read again and shows all there is. */
    receiverRequestsShown: (state) => {
      state.newReceiverRequests = [];
    },
    deliveriesGivenUp: (state, { payload }: PayloadAction<Delivery[]>) => {
      for (const { id, webhook_id } of payload) {
        state.givenUp[webhook_id] = { count: (state.givenUp[webhook_id]?.count ?? 0) + 1, deliveryId: id };
      }
    },
    givenUpForgotten: (state) => {
      state.givenUp = {};
    },
    databaseWentDown: (state) => {
      state.database = "down";
    },
    databaseCameBack: (state) => {
      state.database = "ok";
    },
    sessionEnded: (state) => {
      state.session = "ended";
    },
  },
  selectors: {
    selectLiveStatus: (state) => state.status,
    selectLastMessageAt: (state) => state.lastMessageAt,
    selectDatabaseDown: (state) => state.database === "down",
    selectSessionEnded: (state) => state.session === "ended",
    selectSeen: (state) => state.seen,
    selectSeenEvents: (state) => state.seenEvents,
    selectGivenUp: (state) => state.givenUp,
    selectNewReceiverCount: (state) => state.newReceiverRequests.length,
  },
});

export const {
  streamStarted,
  streamStopped,
  statusChanged,
  signOfLife,
  deliveriesSeen,
  eventsSeen,
  receiverRequestsSeen,
  receiverRequestsShown,
  deliveriesGivenUp,
  givenUpForgotten,
  databaseWentDown,
  databaseCameBack,
  sessionEnded,
} = liveSlice.actions;

export const {
  selectLiveStatus,
  selectLastMessageAt,
  selectDatabaseDown,
  selectSessionEnded,
  selectSeen,
  selectSeenEvents,
  selectGivenUp,
  selectNewReceiverCount,
} = liveSlice.selectors;
