import {
  createFeed,
  deleteFeed,
  downloadReservationCalendar,
  listFeeds,
  type OpenedFeed,
  regenerateFeed,
} from "@/lib/contracts/calendar-feeds";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { request } from "@/store/request";

export type FeedInput = BodyInput<typeof createFeed>;
type InProject = { projectId: string };
type OneFeed = InProject & { feedId: string };

const paramsOf = ({ projectId, feedId }: OneFeed) => ({ project_id: projectId, feed_id: feedId });

/** Calendars to subscribe to. An address stands in the answer of the mutation that made it and nowhere else. */
export const feedsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listFeeds: build.query<ResponseOf<typeof listFeeds>, InProject>({
      query: ({ projectId }) => request(listFeeds, { params: { project_id: projectId } }),
      providesTags: ["CalendarFeed"],
    }),
    createFeed: build.mutation<OpenedFeed, InProject & { body: FeedInput }>({
      query: ({ projectId, body }) => request(createFeed, { params: { project_id: projectId }, body }),
      invalidatesTags: ["CalendarFeed"],
    }),
    regenerateFeed: build.mutation<OpenedFeed, OneFeed>({
      query: (arg) => request(regenerateFeed, { params: paramsOf(arg) }),
      invalidatesTags: ["CalendarFeed"],
    }),
    deleteFeed: build.mutation<null, OneFeed>({
      query: (arg) => request(deleteFeed, { params: paramsOf(arg) }),
      invalidatesTags: ["CalendarFeed"],
    }),
  }),
});

type OneReservation = InProject & { reservationId: string; zone: string };

/** Where the browser downloads a reservation as an entry for a calendar, with texts that tell times in the zone too. */
export function reservationCalendarHref({ projectId, reservationId, zone }: OneReservation): string {
  const params = { project_id: projectId, reservation_id: reservationId };
  return request(downloadReservationCalendar, { params, query: { time_zone: zone } }).url;
}

export const { useListFeedsQuery, useCreateFeedMutation, useRegenerateFeedMutation, useDeleteFeedMutation } = feedsApi;
