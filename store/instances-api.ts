import { createFault, listFaults, removeFault, type SimulatedFault } from "@/lib/contracts/compute-faults";
import {
  createInstances,
  getInstance,
  type Instance,
  type InstanceDetail,
  listAllInstances,
  listAnyInstanceLogs,
  listInstanceLogs,
  listInstances,
  startInstance,
  stopInstance,
} from "@/lib/contracts/instances";
import type { BodyInput, QueryInput, ResponseOf } from "@/lib/contracts/operation";
import { createSnapshot, listInstanceSnapshots, type Snapshot } from "@/lib/contracts/snapshots";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

export type InstancePage = ResponseOf<typeof listInstances>;
export type InstanceLogPage = ResponseOf<typeof listInstanceLogs>;
export type SnapshotPage = ResponseOf<typeof listInstanceSnapshots>;
export type AdminInstancePage = ResponseOf<typeof listAllInstances>;
export type InstanceFilter = Omit<NonNullable<QueryInput<typeof listInstances>>, "cursor" | "limit">;
export type AdminInstanceFilter = Omit<NonNullable<QueryInput<typeof listAllInstances>>, "cursor" | "limit">;
export type RunningInstances = { instances: Instance[]; hasMore: boolean };

type InProject = { projectId: string };
type OneInstance = InProject & { instanceId: string };

/** As many as one page has. */
const ALL = 200;

const inProject = ({ projectId }: InProject) => ({ project_id: projectId });
const instanceOf = ({ instanceId, ...arg }: OneInstance) => ({ ...inProject(arg), instance_id: instanceId });

/**
 * Instances with their logs and snapshots, and what admins see of all of them. The stream tells which instances changed;
 * everything of them is then read again, see store/live-stream.ts.
 */
export const instancesApi = api.injectEndpoints({
  endpoints: (build) => ({
    listInstances: build.infiniteQuery<InstancePage, InProject & { filter: InstanceFilter }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { filter, ...arg }, pageParam }) =>
        request(listInstances, { params: inProject(arg), query: { ...filter, cursor: pageParam ?? undefined } }),
      providesTags: ["Instance"],
    }),
    /** For sums; a project with more than 200 that run is told that there are more. */
    listRunningInstances: build.query<RunningInstances, InProject>({
      query: (arg) => request(listInstances, { params: inProject(arg), query: { status: "running", limit: ALL } }),
      transformResponse: ({ data, next_cursor }: InstancePage) => ({ instances: data, hasMore: next_cursor !== null }),
      providesTags: ["Instance"],
    }),
    getInstance: build.query<InstanceDetail, OneInstance>({
      query: (arg) => request(getInstance, { params: instanceOf(arg) }),
      providesTags: ["Instance"],
    }),
    listInstanceLogs: build.infiniteQuery<InstanceLogPage, OneInstance, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg, pageParam }) =>
        request(listInstanceLogs, { params: instanceOf(queryArg), query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Instance"],
    }),
    /** With the same key it can be sent again after an answer that was lost, and boots once. */
    createInstances: build.mutation<
      InstanceDetail[],
      InProject & { body: BodyInput<typeof createInstances>; idempotencyKey: string }
    >({
      query: ({ body, idempotencyKey, ...arg }) => ({
        ...request(createInstances, { params: inProject(arg), body }),
        idempotencyKey,
      }),
      transformResponse: ({ data }: ResponseOf<typeof createInstances>) => data,
      invalidatesTags: ["Instance"],
    }),
    /** Refused or not: a refusal may mean that it has changed meanwhile. */
    startInstance: build.mutation<InstanceDetail, OneInstance>({
      query: (arg) => request(startInstance, { params: instanceOf(arg) }),
      invalidatesTags: ["Instance"],
    }),
    stopInstance: build.mutation<InstanceDetail, OneInstance>({
      query: (arg) => request(stopInstance, { params: instanceOf(arg) }),
      invalidatesTags: ["Instance"],
    }),

    listInstanceSnapshots: build.infiniteQuery<SnapshotPage, OneInstance, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg, pageParam }) =>
        request(listInstanceSnapshots, { params: instanceOf(queryArg), query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Snapshot"],
    }),
    createSnapshot: build.mutation<Snapshot, OneInstance & { body: BodyInput<typeof createSnapshot> }>({
      query: ({ body, ...arg }) => request(createSnapshot, { params: instanceOf(arg), body }),
      invalidatesTags: ["Instance", "Snapshot"],
    }),

    listAllInstances: build.infiniteQuery<AdminInstancePage, { filter: AdminInstanceFilter }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { filter }, pageParam }) =>
        request(listAllInstances, { query: { ...filter, cursor: pageParam ?? undefined } }),
      providesTags: ["Instance"],
    }),
    listAnyInstanceLogs: build.infiniteQuery<InstanceLogPage, { instanceId: string }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { instanceId }, pageParam }) =>
        request(listAnyInstanceLogs, {
          params: { instance_id: instanceId },
          query: { cursor: pageParam ?? undefined },
        }),
      providesTags: ["Instance"],
    }),
    listFaults: build.query<SimulatedFault[], void>({
      query: () => request(listFaults, {}),
      transformResponse: ({ data }: ResponseOf<typeof listFaults>) => data,
      providesTags: ["SimulatedFault"],
    }),
    createFault: build.mutation<SimulatedFault, { body: BodyInput<typeof createFault> }>({
      query: ({ body }) => request(createFault, { body }),
      invalidatesTags: (result) => (result ? ["SimulatedFault"] : []),
    }),
    removeFault: build.mutation<null, { faultId: string }>({
      query: ({ faultId }) => request(removeFault, { params: { fault_id: faultId } }),
      invalidatesTags: ["SimulatedFault"],
    }),
  }),
});

export const {
  useListInstancesInfiniteQuery,
  useListRunningInstancesQuery,
  useGetInstanceQuery,
  useListInstanceLogsInfiniteQuery,
  useListAnyInstanceLogsInfiniteQuery,
  useCreateInstancesMutation,
  useStartInstanceMutation,
  useStopInstanceMutation,
  useListInstanceSnapshotsInfiniteQuery,
  useCreateSnapshotMutation,
  useListAllInstancesInfiniteQuery,
  useListFaultsQuery,
  useCreateFaultMutation,
  useRemoveFaultMutation,
} = instancesApi;
