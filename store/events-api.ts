import type { EventTypeInfo } from "@/lib/contracts/event-types";
import {
  type AcceptedEvent,
  type EventDetail,
  emitEvent,
  getEvent,
  listEvents,
  listEventTypes,
} from "@/lib/contracts/events";
import type { BodyInput, QueryInput, ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { request } from "@/store/request";

export type EventPage = ResponseOf<typeof listEvents>;
type EventFilter = { type?: Exclude<QueryInput<typeof listEvents>["type"], ""> };

export const eventsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listEvents: build.infiniteQuery<EventPage, { projectId: string } & EventFilter, string | null>({
      infiniteQueryOptions: {
        initialPageParam: null,
        getNextPageParam: (page) => page.next_cursor,
        refetchCachedPages: false,
      },
      query: ({ queryArg: { projectId, type }, pageParam }) =>
        request(listEvents, {
          params: { project_id: projectId },
          query: { type, cursor: pageParam ?? undefined },
        }),
      providesTags: ["Event"],
    }),
    getEvent: build.query<EventDetail, { projectId: string; eventId: string }>({
      query: ({ projectId, eventId }) => request(getEvent, { params: { project_id: projectId, event_id: eventId } }),
      providesTags: (_result, _error, { eventId }) => [{ type: "Event", id: eventId }],
    }),
    emitEvent: build.mutation<AcceptedEvent, { projectId: string; body: BodyInput<typeof emitEvent> }>({
      query: ({ projectId, body }) => request(emitEvent, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Event", "Overview"],
    }),
    /** The catalogue; it changes only with the installed version. */
    listEventTypes: build.query<EventTypeInfo[], void>({
      query: () => request(listEventTypes, {}),
      transformResponse: (response: ResponseOf<typeof listEventTypes>) => response.data,
      keepUnusedDataFor: 3600,
      providesTags: ["EventType"],
    }),
  }),
});

export const { useListEventsInfiniteQuery, useGetEventQuery, useEmitEventMutation, useListEventTypesQuery } = eventsApi;
