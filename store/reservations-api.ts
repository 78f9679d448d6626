import type { ThunkDispatch, UnknownAction } from "@reduxjs/toolkit";
import {
  type Availability,
  createQuote,
  getAvailability,
  getQuote,
  type Quote,
  type SearchResult,
  searchAvailability,
} from "@/lib/contracts/availability";
import { getBookingPolicy, type StoredBookingPolicy } from "@/lib/contracts/booking-policy";
import { type Bar, type Calendar, getCalendar } from "@/lib/contracts/calendar";
import { getPool, listGpuTypes, listPools, type PoolDetail } from "@/lib/contracts/fleet";
import type { BodyInput, QueryInput, ResponseOf } from "@/lib/contracts/operation";
import {
  cancelReservation,
  confirmReservation,
  createReservation,
  getReservation,
  listReservationChanges,
  listReservations,
  type Reservation,
  type ReservationPreview,
  releasePart,
  updateReservation,
} from "@/lib/contracts/reservations";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { dryRun, request } from "@/store/request";
import { changeBars, newerReservation, removeBars } from "@/store/reservation-mirror";

export type ReservationPage = ResponseOf<typeof listReservations>;
export type ReservationChangePage = ResponseOf<typeof listReservationChanges>;
export type CancelledReservation = ResponseOf<typeof cancelReservation>;
export type ReservationFilter = Omit<NonNullable<QueryInput<typeof listReservations>>, "cursor" | "limit">;
/** One cached list: the filter is part of its identity. */
export type ReservationListArg = InProject & { filter: ReservationFilter };
export type CalendarArg = InProject & QueryInput<typeof getCalendar>;
export type CreateReservationInput = Omit<BodyInput<typeof createReservation>, "dry_run">;
export type UpdateReservationInput = Omit<BodyInput<typeof updateReservation>, "dry_run">;
export type ReleaseInput = Omit<BodyInput<typeof releasePart>, "dry_run">;
export type CancelInput = Omit<BodyInput<typeof cancelReservation>, "dry_run">;

type InProject = { projectId: string };
type OneReservation = InProject & { reservationId: string };

const paramsOf = ({ projectId, reservationId }: OneReservation) => ({
  project_id: projectId,
  reservation_id: reservationId,
});

/** What any booking or change of one may alter beside the reservation itself. */
const SURROUNDINGS = ["Calendar", "Availability", "Credit"] as const;

/**
 * Reservations, what they are made of (pools, availability, prices) and where they are shown (the calendar). The stream
 * keeps the cached ones right: see store/reservation-stream.ts. Previews change nothing and are asked anew each time.
 */
export const reservationsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listPools: build.query<ResponseOf<typeof listPools>, void>({
      query: () => request(listPools, {}),
      providesTags: ["Pool"],
    }),
    getPool: build.query<PoolDetail, { poolId: string }>({
      query: ({ poolId }) => request(getPool, { params: { pool_id: poolId } }),
      providesTags: (_result, _error, { poolId }) => [{ type: "Pool", id: poolId }],
    }),
    listGpuTypes: build.query<ResponseOf<typeof listGpuTypes>, void>({
      query: () => request(listGpuTypes, {}),
      providesTags: ["GpuType"],
    }),
    getBookingPolicy: build.query<StoredBookingPolicy, void>({
      query: () => request(getBookingPolicy, {}),
      providesTags: ["BookingPolicy"],
    }),

    getCalendar: build.query<Calendar, CalendarArg>({
      query: ({ projectId, ...query }) => request(getCalendar, { params: { project_id: projectId }, query }),
      providesTags: ["Calendar"],
    }),
    getAvailability: build.query<Availability, InProject & QueryInput<typeof getAvailability>>({
      query: ({ projectId, ...query }) => request(getAvailability, { params: { project_id: projectId }, query }),
      providesTags: ["Availability"],
    }),
    searchAvailability: build.query<SearchResult, InProject & { body: BodyInput<typeof searchAvailability> }>({
      query: ({ projectId, body }) => request(searchAvailability, { params: { project_id: projectId }, body }),
      keepUnusedDataFor: 0,
    }),
    createQuote: build.mutation<Quote, InProject & { body: BodyInput<typeof createQuote> }>({
      query: ({ projectId, body }) => request(createQuote, { params: { project_id: projectId }, body }),
    }),
    getQuote: build.query<Quote, InProject & { quoteId: string }>({
      query: ({ projectId, quoteId }) => request(getQuote, { params: { project_id: projectId, quote_id: quoteId } }),
      keepUnusedDataFor: 0,
    }),

    listReservations: build.infiniteQuery<ReservationPage, ReservationListArg, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId, filter }, pageParam }) =>
        request(listReservations, {
          params: { project_id: projectId },
          query: { ...filter, cursor: pageParam ?? undefined },
        }),
      providesTags: [{ type: "Reservation", id: "LIST" }],
    }),
    getReservation: build.query<Reservation, OneReservation>({
      query: (arg) => request(getReservation, { params: paramsOf(arg) }),
      // An answer that was read before a change but arrives after the stream's message must not undo it.
      merge: newerReservation,
      providesTags: (_result, _error, { reservationId }) => [{ type: "Reservation", id: reservationId }],
    }),
    listReservationChanges: build.infiniteQuery<ReservationChangePage, OneReservation, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg, pageParam }) =>
        request(listReservationChanges, { params: paramsOf(queryArg), query: { cursor: pageParam ?? undefined } }),
      providesTags: (_result, _error, { reservationId }) => [{ type: "ReservationChange", id: reservationId }],
    }),

    previewCreateReservation: build.query<ReservationPreview, InProject & { body: CreateReservationInput }>({
      query: ({ projectId, body }) =>
        request(dryRun(createReservation), { params: { project_id: projectId }, body: { ...body, dry_run: true } }),
      keepUnusedDataFor: 0,
    }),
    previewUpdateReservation: build.query<ReservationPreview, OneReservation & { body: UpdateReservationInput }>({
      query: ({ body, ...arg }) =>
        request(dryRun(updateReservation), { params: paramsOf(arg), body: { ...body, dry_run: true } }),
      keepUnusedDataFor: 0,
    }),
    previewReleasePart: build.query<ReservationPreview, OneReservation & { body: ReleaseInput }>({
      query: ({ body, ...arg }) =>
        request(dryRun(releasePart), { params: paramsOf(arg), body: { ...body, dry_run: true } }),
      keepUnusedDataFor: 0,
    }),
    previewCancelReservation: build.query<ReservationPreview, OneReservation & { body: CancelInput }>({
      query: ({ body, ...arg }) =>
        request(dryRun(cancelReservation), { params: paramsOf(arg), body: { ...body, dry_run: true } }),
      keepUnusedDataFor: 0,
    }),

    /** With the same key it can be sent again after an answer that was lost, and books once. */
    createReservation: build.mutation<
      Reservation,
      InProject & { body: CreateReservationInput; idempotencyKey?: string }
    >({
      query: ({ projectId, body, idempotencyKey }) => ({
        ...request(createReservation, { params: { project_id: projectId }, body }),
        idempotencyKey,
      }),
      invalidatesTags: (result) => (result ? ["Reservation", ...SURROUNDINGS] : [...SURROUNDINGS]),
    }),
    /** The calendar shows the change at once, and takes it back when it is refused. */
    updateReservation: build.mutation<Reservation, OneReservation & { body: UpdateReservationInput }>({
      query: ({ body, ...arg }) => request(updateReservation, { params: paramsOf(arg), body }),
      onQueryStarted: async ({ projectId, reservationId, body }, { dispatch, getState, queryFulfilled }) => {
        const patch = (bars: Bar[]) => changeBars(bars, reservationId, body);
        await optimistically(patchCalendars(projectId, patch, getState(), dispatch), queryFulfilled);
      },
      invalidatesTags: (_result, _error, { reservationId }) => [...changed(reservationId), ...SURROUNDINGS],
    }),
    confirmReservation: build.mutation<Reservation, OneReservation & { body: BodyInput<typeof confirmReservation> }>({
      query: ({ body, ...arg }) => request(confirmReservation, { params: paramsOf(arg), body }),
      invalidatesTags: (_result, _error, { reservationId }) => [...changed(reservationId), ...SURROUNDINGS],
    }),
    releasePart: build.mutation<Reservation, OneReservation & { body: ReleaseInput }>({
      query: ({ body, ...arg }) => request(releasePart, { params: paramsOf(arg), body }),
      invalidatesTags: (_result, _error, { reservationId }) => [...changed(reservationId), ...SURROUNDINGS],
    }),
    cancelReservation: build.mutation<CancelledReservation, OneReservation & { body: CancelInput }>({
      query: ({ body, ...arg }) => request(cancelReservation, { params: paramsOf(arg), body }),
      onQueryStarted: async ({ projectId, reservationId }, { dispatch, getState, queryFulfilled }) => {
        const patch = (bars: Bar[]) => removeBars(bars, reservationId);
        await optimistically(patchCalendars(projectId, patch, getState(), dispatch), queryFulfilled);
      },
      invalidatesTags: (_result, _error, { reservationId }) => [...changed(reservationId), ...SURROUNDINGS],
    }),
  }),
});

export const {
  useListPoolsQuery,
  useGetPoolQuery,
  useListGpuTypesQuery,
  useGetBookingPolicyQuery,
  useGetCalendarQuery,
  useGetAvailabilityQuery,
  useSearchAvailabilityQuery,
  useLazySearchAvailabilityQuery,
  useCreateQuoteMutation,
  useGetQuoteQuery,
  useListReservationsInfiniteQuery,
  useGetReservationQuery,
  useListReservationChangesInfiniteQuery,
  usePreviewCreateReservationQuery,
  usePreviewUpdateReservationQuery,
  usePreviewReleasePartQuery,
  usePreviewCancelReservationQuery,
  useCreateReservationMutation,
  useUpdateReservationMutation,
  useConfirmReservationMutation,
  useReleasePartMutation,
  useCancelReservationMutation,
} = reservationsApi;

/** A refused change too: it may have been refused because somebody else changed the reservation. */
function changed(reservationId: string) {
  return ["Reservation", { type: "ReservationChange", id: reservationId }] as const;
}

type ApiState = { [api.reducerPath]: ReturnType<typeof api.reducer> };
type ApiDispatch = ThunkDispatch<ApiState, unknown, UnknownAction>;
type Patch = { undo: () => void };

/** Changes the bars of every calendar of the project that is held. */
function patchCalendars(
  projectId: string,
  change: (bars: Bar[]) => void,
  state: ApiState,
  dispatch: ApiDispatch,
): Patch[] {
  return reservationsApi.util
    .selectCachedArgsForQuery(state, "getCalendar")
    .filter((arg) => arg.projectId === projectId)
    .map((arg) => dispatch(reservationsApi.util.updateQueryData("getCalendar", arg, ({ bars }) => change(bars))));
}

async function optimistically(patches: readonly Patch[], answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch {
    for (const patch of patches) patch.undo();
  }
}
