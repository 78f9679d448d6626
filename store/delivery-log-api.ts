import {
  type DeliveryHistogram,
  getDeliveryHistogram,
  type RetryResult,
  retryDeliveries,
} from "@/lib/contracts/delivery-log";
import type { BodyInput } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { type DeliveryFilter, toQuery } from "@/store/delivery-mirror";
import { request } from "@/store/request";

/** What the log's chart and its bulk actions ask of the server. */
export const deliveryLogApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** Read again as deliveries go on, at the pace of the other counts: see store/live-stream.ts. */
    getHistogram: build.query<DeliveryHistogram, { projectId: string; filter: DeliveryFilter }>({
      query: ({ projectId, filter }) =>
        request(getDeliveryHistogram, { params: { project_id: projectId }, query: toQuery(filter) }),
      providesTags: ["DeliveryHistogram"],
      keepUnusedDataFor: 10,
    }),
    /** Success means queued, not delivered. The rows follow by the live stream. */
    retryDeliveries: build.mutation<RetryResult, { projectId: string; body: BodyInput<typeof retryDeliveries> }>({
      query: ({ projectId, body }) => request(retryDeliveries, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Overview"],
    }),
  }),
});

export const { useGetHistogramQuery, useRetryDeliveriesMutation } = deliveryLogApi;
