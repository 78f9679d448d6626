import type { ListenerEffectAPI, ThunkDispatch, UnknownAction } from "@reduxjs/toolkit";
import { PAGE_LIMIT } from "@/lib/contracts/common";
import type { Delivery } from "@/lib/contracts/deliveries";
import type { ReceiverRequest } from "@/lib/contracts/receiver";
import type { ReplayDetail } from "@/lib/contracts/replays";
import { api } from "@/store/api";
import { type DeliveryListArg, type DeliveryPage, deliveriesApi } from "@/store/deliveries-api";
import { matchesFilter, olderCopies } from "@/store/delivery-mirror";
import { deliveriesSeen, type liveSlice, receiverRequestsSeen, receiverRequestsShown } from "@/store/live-slice";
import { receiverApi } from "@/store/receiver-api";
import { newerReplay } from "@/store/replay-mirror";
import { replaysApi } from "@/store/replays-api";

/** The part of the store that the live stream keeps right. */
export type MirrorState = {
  [api.reducerPath]: ReturnType<typeof api.reducer>;
  [liveSlice.reducerPath]: ReturnType<typeof liveSlice.reducer>;
};
export type MirrorDispatch = ThunkDispatch<MirrorState, unknown, UnknownAction>;
export type Mirror = Pick<ListenerEffectAPI<MirrorState, MirrorDispatch>, "dispatch" | "getState">;

/** Pages read again after a gap, at most, for one list: 5,000 rows. */
const RECONCILED_PAGES = 25;

/**
 * Takes in deliveries as the server has them now: newer copies replace older ones in every cached list and detail.
 * A list without any row is read again, since nothing in it could move under the reader's eyes.
 */
export function takeInDeliveries(mirror: Mirror, deliveries: Delivery[]): void {
  mirror.dispatch(deliveriesSeen(deliveries));
  for (const { originalArgs, data, status } of deliveryLists(mirror)) {
    if (data === undefined) continue;
    replaceOlder(mirror, originalArgs, data.pages, deliveries);
    const empty = data.pages.every((page) => page.data.length === 0);
    if (empty && status !== "pending" && deliveries.some((delivery) => matchesFilter(delivery, originalArgs.filter))) {
      readListAgain(mirror, originalArgs);
    }
  }
  for (const delivery of deliveries) refreshDetail(mirror, delivery);
}

/** A detail was read before a change whose message came first: tells whether to read it again. */
export function isOutdated({ getState }: Mirror, delivery: Delivery): boolean {
  return (getState().live.seen[delivery.id]?.revision ?? 0) > delivery.revision;
}

/** A page was read before a change whose message came first: brings its rows up to what the stream has shown. */
export function takeInPages(mirror: Mirror, arg: DeliveryListArg): void {
  const data = deliveriesApi.endpoints.listDeliveries.select(arg)(mirror.getState()).data;
  if (data) replaceOlder(mirror, arg, data.pages, Object.values(mirror.getState().live.seen));
}

/** Newer copies of replays replace older ones wherever they are shown; a list that lacks the newest is read again. */
export function takeInReplays({ dispatch, getState }: Mirror, replays: readonly ReplayDetail[]): void {
  const { projectId } = getState().live;
  if (projectId === null) return;
  const newest = replaysApi.endpoints.listReplays.select({ projectId })(getState()).data?.pages[0]?.data[0]?.id ?? "";
  if (replays.some(({ id }) => id > newest)) dispatch(api.util.invalidateTags(["Replay"]));
  for (const replay of replays) {
    dispatch(
      replaysApi.util.updateQueryData("getReplay", { projectId, replayId: replay.id }, (held) =>
        newerReplay(held, replay),
      ),
    );
  }
  dispatch(
    replaysApi.util.updateQueryData("listReplays", { projectId }, ({ pages }) => {
      for (const { data } of pages) {
        for (const { webhooks: _detail, ...replay } of replays) {
          const row = data.findIndex(({ id }) => id === replay.id);
          const held = data[row];
          if (held) data.splice(row, 1, newerReplay(held, replay));
        }
      }
    }),
  );
}

export function takeInReceiverRequests(mirror: Mirror, requests: ReceiverRequest[]): void {
  mirror.dispatch(receiverRequestsSeen(requests.map(({ id }) => id)));
  for (const { data, originalArgs, status } of receiverLists(mirror)) {
    const empty = data?.pages.every((page) => page.data.length === 0);
    if (empty && status !== "pending") readReceiverAgain(mirror, originalArgs.projectId);
  }
}

/** Reads the project's receiver requests again from the top; they are all shown then. */
export function readReceiverAgain({ dispatch }: Pick<Mirror, "dispatch">, projectId: string): void {
  const reading = dispatch(
    receiverApi.endpoints.listReceiverRequests.initiate({ projectId }, { forceRefetch: true, subscribe: false }),
  );
  reading.then(({ isSuccess }) => {
    if (isSuccess) dispatch(receiverRequestsShown());
  });
}

/** What is read again when something may have been missed. */
const RESYNCED = [
  "Me",
  "Project",
  "Member",
  "Invitation",
  "ApiKey",
  "Webhook",
  "WebhookHealth",
  "Statistics",
  "Delivery",
  "DeliveryHistogram",
  "SavedView",
  "Overview",
  "Replay",
  "Instance",
  "Snapshot",
  "Receiver",
  "Reservation",
  "ReservationChange",
  "Calendar",
  "Availability",
  "Pool",
  "Credit",
  "Waitlist",
  "Configuration",
  "Environment",
  "Workflow",
  "Processor",
] as const;

/**
 * Something may have been missed: everything cached is read again. Delivery lists are compared page by page instead of
 * being replaced, so that after a gap too rows change in place and new ones wait to be asked for.
 * @param until Unix ms: nothing that was asked for from then on can have missed anything
 */
export async function resync(
  mirror: Mirror,
  signal: AbortSignal,
  until: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  mirror.dispatch(api.util.invalidateTags([...outdatedTags(mirror, until)]));
  for (const { data, originalArgs } of receiverLists(mirror)) {
    if (data === undefined || data.pages.every((page) => page.data.length === 0)) {
      readReceiverAgain(mirror, originalArgs.projectId);
    } else {
      await compareReceiver(mirror, originalArgs.projectId, data.pages);
    }
  }
  for (const { data, originalArgs } of deliveryLists(mirror)) {
    if (signal.aborted) return;
    if (data === undefined || data.pages.every((page) => page.data.length === 0)) readListAgain(mirror, originalArgs);
    else await reconcile(mirror, originalArgs, data.pages, signal);
  }
}

/** The tags of answers that were asked for before a moment; all of them while there is one whose tags are not known yet. */
function outdatedTags({ getState }: Mirror, until: number): readonly (typeof RESYNCED)[number][] {
  const state = getState();
  const { queries } = state[api.reducerPath];
  const askedBefore = (query: (typeof queries)[string]) => (query?.startedTimeStamp ?? 0) < until;
  if (Object.values(queries).some((query) => query?.status === "pending" && askedBefore(query))) return RESYNCED;
  return RESYNCED.filter((tag) =>
    api.util.selectInvalidatedBy(state, [tag]).some(({ queryCacheKey }) => askedBefore(queries[queryCacheKey])),
  );
}

async function reconcile(mirror: Mirror, arg: DeliveryListArg, pages: DeliveryPage[], signal: AbortSignal) {
  const lastId = pages.at(-1)?.data.at(-1)?.id ?? "";
  let cursor: string | null = null;
  let readTo = "";
  for (let count = 0; count < RECONCILED_PAGES; count += 1) {
    const answer: { data?: DeliveryPage | undefined } = await mirror.dispatch(
      deliveriesApi.endpoints.readDeliveryPage.initiate(
        { ...arg, cursor, limit: PAGE_LIMIT.max },
        { forceRefetch: true, subscribe: false },
      ),
    );
    const page = answer.data;
    if (!page || signal.aborted) return;
    takeInDeliveries(mirror, page.data);
    readTo = page.data.at(-1)?.id ?? "";
    cursor = page.next_cursor;
    if (cursor === null || readTo <= lastId) return;
  }
  // Below this point nothing was compared; those rows are dropped and come again, fresh, when scrolled to.
  mirror.dispatch(
    deliveriesApi.util.updateQueryData("listDeliveries", arg, (draft) => {
      const kept = draft.pages.filter((page) => (page.data.at(-1)?.id ?? "") >= readTo).length;
      draft.pages.splice(kept);
      draft.pageParams.splice(kept);
    }),
  );
}

async function compareReceiver(mirror: Mirror, projectId: string, pages: { data: ReceiverRequest[] }[]) {
  const held = new Set(pages.flatMap((page) => page.data.map(({ id }) => id)));
  const { data } = await mirror.dispatch(
    receiverApi.endpoints.readReceiverTop.initiate({ projectId }, { forceRefetch: true, subscribe: false }),
  );
  if (data) mirror.dispatch(receiverRequestsSeen(data.map(({ id }) => id).filter((id) => !held.has(id))));
}

function replaceOlder(mirror: Mirror, arg: DeliveryListArg, pages: DeliveryPage[], deliveries: Delivery[]): void {
  const places = olderCopies(pages, deliveries);
  if (places.length === 0) return;
  mirror.dispatch(
    deliveriesApi.util.updateQueryData("listDeliveries", arg, (draft) => {
      for (const { page, row, delivery } of places) draft.pages[page]?.data.splice(row, 1, delivery);
    }),
  );
}

/** The row's fields are right at once; its attempts are read again. */
function refreshDetail(mirror: Mirror, delivery: Delivery): void {
  const { projectId } = mirror.getState().live;
  if (projectId === null) return;
  const arg = { projectId, deliveryId: delivery.id };
  const held = deliveriesApi.endpoints.getDelivery.select(arg)(mirror.getState()).data;
  if (!held || held.revision >= delivery.revision) return;
  mirror.dispatch(
    deliveriesApi.util.updateQueryData("getDelivery", arg, (draft) => {
      Object.assign(draft, delivery);
    }),
  );
  mirror.dispatch(api.util.invalidateTags([{ type: "Delivery", id: delivery.id }]));
}

function readListAgain({ dispatch }: Mirror, arg: DeliveryListArg): void {
  dispatch(deliveriesApi.endpoints.listDeliveries.initiate(arg, { forceRefetch: true, subscribe: false }));
}

function deliveryLists({ getState }: Mirror) {
  return deliveriesApi.util.selectEntriesForEndpoint(getState(), "listDeliveries");
}

function receiverLists({ getState }: Mirror) {
  return receiverApi.util.selectEntriesForEndpoint(getState(), "listReceiverRequests");
}
