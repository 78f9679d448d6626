import type { EventTypeInfo } from "@/lib/contracts/event-types";
import {
  type AcceptedEvent,
  type EventDetail,
  emitEvent,
  getEvent,
  listEvents,
  listEventTypes,
} from "@/lib/contracts/events";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import { type EventVerdict, listVerdicts, sendEvent } from "@/lib/contracts/verdicts";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import type { EventFilter } from "@/store/event-filter";
import { request } from "@/store/request";

export type EventPage = ResponseOf<typeof listEvents>;
/** One cached list: the filter is part of its identity. */
export type EventListArg = { projectId: string; filter: EventFilter };
type OneEvent = { projectId: string; eventId: string };

const paramsOf = ({ projectId, eventId }: OneEvent) => ({ project_id: projectId, event_id: eventId });

/** Rows per page of the list of events. */
export const EVENT_PAGE = 50;

export const eventsApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** Kept right by the live stream, so it has no tag: see store/event-mirror.ts. */
    listEvents: build.infiniteQuery<EventPage, EventListArg, string | null>({
      infiniteQueryOptions: { ...cursorPages, refetchCachedPages: false },
      query: ({ queryArg, pageParam }) => pageRequest(queryArg, pageParam),
    }),
    /** One page past the list's own cache, for comparing a list with the server after a gap. */
    readEventPage: build.query<EventPage, EventListArg & { cursor: string | null }>({
      query: ({ cursor, ...arg }) => pageRequest(arg, cursor),
      keepUnusedDataFor: 0,
    }),
    getEvent: build.query<EventDetail, OneEvent>({
      query: (arg) => request(getEvent, { params: paramsOf(arg) }),
      providesTags: (_result, _error, { eventId }) => [{ type: "Event", id: eventId }],
    }),
    /** Read again whenever the stream tells that the event's deliveries or the project's webhooks changed. */
    listVerdicts: build.query<EventVerdict[], OneEvent>({
      query: (arg) => request(listVerdicts, { params: paramsOf(arg) }),
      transformResponse: (response: ResponseOf<typeof listVerdicts>) => response.data,
      providesTags: (_result, _error, { eventId }) => [{ type: "Verdict", id: eventId }],
    }),
    /** Success means queued, not delivered. */
    sendEvent: build.mutation<ResponseOf<typeof sendEvent>, OneEvent & { webhookIds: string[] }>({
      query: ({ webhookIds, ...arg }) =>
        request(sendEvent, { params: paramsOf(arg), body: { webhook_ids: webhookIds } }),
      invalidatesTags: (_result, _error, { eventId }) => [{ type: "Verdict", id: eventId }, "Overview"],
    }),
    emitEvent: build.mutation<AcceptedEvent, { projectId: string; body: BodyInput<typeof emitEvent> }>({
      query: ({ projectId, body }) => request(emitEvent, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Overview"],
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

export const {
  useListEventsInfiniteQuery,
  useGetEventQuery,
  useListVerdictsQuery,
  useSendEventMutation,
  useEmitEventMutation,
  useListEventTypesQuery,
} = eventsApi;

function pageRequest({ projectId, filter }: EventListArg, cursor: string | null) {
  return request(listEvents, {
    params: { project_id: projectId },
    query: { ...filter, cursor: cursor ?? undefined, limit: EVENT_PAGE },
  });
}
