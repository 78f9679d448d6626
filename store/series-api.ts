import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import {
  type CancelSeriesPreview,
  cancelSeries,
  createSeries,
  getSeries,
  listSeries,
  type SeriesDetail,
  type SeriesPreview,
} from "@/lib/contracts/series";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { dryRun, request } from "@/store/request";

export type SeriesPage = ResponseOf<typeof listSeries>;
export type CancelledSeries = ResponseOf<typeof cancelSeries>;
export type SeriesInput = Omit<BodyInput<typeof createSeries>, "dry_run">;
type InProject = { projectId: string };
type OneSeries = InProject & { seriesId: string };

const paramsOf = ({ projectId, seriesId }: OneSeries) => ({ project_id: projectId, series_id: seriesId });

/** What booking or cancelling many at once alters beside the series itself. */
const SURROUNDINGS = ["Series", "Reservation", "Calendar", "Availability", "Credit"] as const;

/** What reads series; their reservations begin, end and change one by one. */
const OF_RESERVATIONS = ["Series", "Reservation", { type: "Reservation", id: "LIST" }] as const;

/** Series of reservations. Previews change nothing and are asked anew each time. */
export const seriesApi = api.injectEndpoints({
  endpoints: (build) => ({
    listSeries: build.infiniteQuery<SeriesPage, InProject, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId }, pageParam }) =>
        request(listSeries, { params: { project_id: projectId }, query: { cursor: pageParam ?? undefined } }),
      // Each counts its reservations by status.
      providesTags: [...OF_RESERVATIONS],
    }),
    getSeries: build.query<SeriesDetail, OneSeries>({
      query: (arg) => request(getSeries, { params: paramsOf(arg) }),
      providesTags: [...OF_RESERVATIONS],
    }),
    previewSeries: build.query<SeriesPreview, InProject & { body: SeriesInput }>({
      query: ({ projectId, body }) =>
        request(dryRun(createSeries), { params: { project_id: projectId }, body: { ...body, dry_run: true } }),
      keepUnusedDataFor: 0,
    }),
    /** @param idempotencyKey the same for the same series, so that a lost answer does not book twice */
    createSeries: build.mutation<SeriesDetail, InProject & { body: SeriesInput; idempotencyKey: string }>({
      query: ({ projectId, body, idempotencyKey }) => ({
        ...request(createSeries, { params: { project_id: projectId }, body }),
        idempotencyKey,
      }),
      invalidatesTags: [...SURROUNDINGS],
    }),
    previewCancelSeries: build.query<CancelSeriesPreview, OneSeries>({
      query: (arg) => request(dryRun(cancelSeries), { params: paramsOf(arg), body: { dry_run: true } }),
      keepUnusedDataFor: 0,
    }),
    cancelSeries: build.mutation<CancelledSeries, OneSeries & { reason?: string | undefined }>({
      query: ({ reason, ...arg }) =>
        request(cancelSeries, { params: paramsOf(arg), body: reason === undefined ? {} : { reason } }),
      invalidatesTags: [...SURROUNDINGS],
    }),
  }),
});

export const {
  useListSeriesInfiniteQuery,
  useGetSeriesQuery,
  usePreviewSeriesQuery,
  useCreateSeriesMutation,
  usePreviewCancelSeriesQuery,
  useCancelSeriesMutation,
} = seriesApi;
