import { type AttemptDiff, createDeliveryCurl, type DeliveryCurl, getAttemptDiff } from "@/lib/contracts/attempts";
import {
  type Delivery,
  type DeliveryDetail,
  type DeliveryOverview,
  getDelivery,
  getOverview,
  listDeliveries,
  retryDelivery,
} from "@/lib/contracts/deliveries";
import type { ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { type DeliveryFilter, newerDetail, toQuery } from "@/store/delivery-mirror";
import { request } from "@/store/request";

export type DeliveryPage = ResponseOf<typeof listDeliveries>;
/** One cached list: the filter is part of its identity. */
export type DeliveryListArg = { projectId: string; filter: DeliveryFilter };
type OneDelivery = { projectId: string; deliveryId: string };

/** Rows per page of the log. */
export const DELIVERY_PAGE = 100;

const paramsOf = ({ projectId, deliveryId }: OneDelivery) => ({ project_id: projectId, delivery_id: deliveryId });

export const deliveriesApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** Kept right by the live stream, so it has no tag: see store/live-mirror.ts. */
    listDeliveries: build.infiniteQuery<DeliveryPage, DeliveryListArg, string | null>({
      infiniteQueryOptions: { ...cursorPages, refetchCachedPages: false },
      query: ({ queryArg, pageParam }) => pageRequest(queryArg, pageParam, DELIVERY_PAGE),
    }),
    /** One page past the list's own cache, for comparing a list with the server after a gap. */
    readDeliveryPage: build.query<DeliveryPage, DeliveryListArg & { cursor: string | null; limit: number }>({
      query: ({ cursor, limit, ...arg }) => pageRequest(arg, cursor, limit),
      keepUnusedDataFor: 0,
    }),
    getDelivery: build.query<DeliveryDetail, OneDelivery>({
      query: (arg) => request(getDelivery, { params: paramsOf(arg) }),
      // An answer that was read before a change but arrives after the stream's message must not undo it.
      merge: newerDetail,
      providesTags: (_result, _error, { deliveryId }) => [{ type: "Delivery", id: deliveryId }],
    }),
    /** Success means queued, not delivered. The row and its detail follow by the live stream. */
    retryDelivery: build.mutation<Delivery, OneDelivery>({
      query: (arg) => request(retryDelivery, { params: paramsOf(arg) }),
      invalidatesTags: (_result, _error, { deliveryId }) => [{ type: "Delivery", id: deliveryId }, "Overview"],
    }),
    /** A command that is signed at this moment; every call makes another one, so nothing keeps it. */
    createDeliveryCurl: build.mutation<DeliveryCurl, OneDelivery>({
      query: (arg) => request(createDeliveryCurl, { params: paramsOf(arg) }),
    }),
    /** Of the past, so that it never changes. */
    getAttemptDiff: build.query<AttemptDiff, OneDelivery & { number: number }>({
      query: ({ number, ...arg }) => request(getAttemptDiff, { params: { ...paramsOf(arg), number: String(number) } }),
    }),
    getOverview: build.query<DeliveryOverview, { projectId: string }>({
      query: ({ projectId }) => request(getOverview, { params: { project_id: projectId } }),
      providesTags: ["Overview"],
    }),
  }),
});

export const {
  useListDeliveriesInfiniteQuery,
  useGetDeliveryQuery,
  useRetryDeliveryMutation,
  useCreateDeliveryCurlMutation,
  useGetAttemptDiffQuery,
  useGetOverviewQuery,
} = deliveriesApi;

function pageRequest({ projectId, filter }: DeliveryListArg, cursor: string | null, limit: number) {
  return request(listDeliveries, {
    params: { project_id: projectId },
    query: { ...toQuery(filter), cursor: cursor ?? undefined, limit },
  });
}
