import {
  type Drill,
  getDrill,
  listAdminFailovers,
  listDrills,
  listFailovers,
  listNodeHealth,
  listPoolHealth,
  setNodeHealth,
  startDrill,
} from "@/lib/contracts/failovers";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

export type FailoverPage = ResponseOf<typeof listFailovers>;
export type AdminFailoverPage = ResponseOf<typeof listAdminFailovers>;
export type DrillPage = ResponseOf<typeof listDrills>;
export type PoolHealthPage = ResponseOf<typeof listPoolHealth>;
export type NodeHealthPage = ResponseOf<typeof listNodeHealth>;

/** What failed, what was done about it, and drills. Screens ask again while something is under way. */
export const failoversApi = api.injectEndpoints({
  endpoints: (build) => ({
    listFailovers: build.infiniteQuery<FailoverPage, { projectId: string; reservationId: string }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId, reservationId }, pageParam }) =>
        request(listFailovers, {
          params: { project_id: projectId },
          query: { reservation_id: reservationId, cursor: pageParam ?? undefined },
        }),
      // A failover changes its reservation's history and credits, of which the stream tells.
      providesTags: ["Failover", "ReservationChange", "Credit"],
    }),
    listAdminFailovers: build.infiniteQuery<AdminFailoverPage, void, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ pageParam }) => request(listAdminFailovers, { query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Failover"],
    }),
    listPoolHealth: build.infiniteQuery<PoolHealthPage, void, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ pageParam }) => request(listPoolHealth, { query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Health", "Pool"],
    }),
    listNodeHealth: build.infiniteQuery<NodeHealthPage, { poolId: string }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { poolId }, pageParam }) =>
        request(listNodeHealth, { params: { pool_id: poolId }, query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Health", "Pool"],
    }),
    setNodeHealth: build.mutation<{ changed: number }, { nodeId: string; body: BodyInput<typeof setNodeHealth> }>({
      query: ({ nodeId, body }) => request(setNodeHealth, { params: { node_id: nodeId }, body }),
      invalidatesTags: ["Health", "Failover", "Calendar", "Availability"],
    }),
    listDrills: build.infiniteQuery<DrillPage, void, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ pageParam }) => request(listDrills, { query: { cursor: pageParam ?? undefined, limit: 20 } }),
      providesTags: ["Drill"],
    }),
    getDrill: build.query<Drill, { drillId: string }>({
      query: ({ drillId }) => request(getDrill, { params: { drill_id: drillId } }),
      providesTags: ["Drill"],
    }),
    startDrill: build.mutation<Drill, { body: BodyInput<typeof startDrill> }>({
      query: ({ body }) => request(startDrill, { body }),
      invalidatesTags: ["Drill", "Health", "Failover"],
    }),
  }),
});

export const {
  useListFailoversInfiniteQuery,
  useListAdminFailoversInfiniteQuery,
  useListPoolHealthInfiniteQuery,
  useListNodeHealthInfiniteQuery,
  useSetNodeHealthMutation,
  useListDrillsInfiniteQuery,
  useGetDrillQuery,
  useStartDrillMutation,
} = failoversApi;
