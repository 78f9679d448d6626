import { changePlan, listAdminProjects, type Plan } from "@/lib/contracts/admin-projects";
import { type StoredBookingPolicy, updateBookingPolicy } from "@/lib/contracts/booking-policy";
import type { GpuType, Pool, PoolDetail, PoolNode } from "@/lib/contracts/fleet";
import {
  addNodes,
  createGpuType,
  createPool,
  deleteGpuType,
  deletePool,
  listNodeUnits,
  renameNode,
  retireNode,
  updateGpuType,
  updatePool,
} from "@/lib/contracts/fleet-admin";
import {
  type ChangedMaintenance,
  createMaintenance,
  endMaintenance,
  listMaintenance,
  listPoolMaintenance,
  type MaintenancePreview,
  updateMaintenance,
} from "@/lib/contracts/maintenance";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { dryRun, request } from "@/store/request";

export type NodePage = ResponseOf<typeof listNodeUnits>;
export type MaintenancePage = ResponseOf<typeof listMaintenance>;
export type AdminProjectPage = ResponseOf<typeof listAdminProjects>;
export type AdminProjectFilter = { q?: string; plan?: Plan };
export type NewMaintenance = Omit<BodyInput<typeof createMaintenance>, "dry_run">;
export type MaintenanceChange = Omit<BodyInput<typeof updateMaintenance>, "dry_run">;
type RetirePreview = { moved: number };

type OnePool = { poolId: string };
type OneNode = OnePool & { nodeId: string };
type OneMaintenance = OnePool & { maintenanceId: string };

const poolOf = ({ poolId }: OnePool) => ({ pool_id: poolId });
const nodeOf = ({ poolId, nodeId }: OneNode) => ({ pool_id: poolId, node_id: nodeId });
const maintenanceOf = ({ poolId, maintenanceId }: OneMaintenance) => ({
  pool_id: poolId,
  maintenance_id: maintenanceId,
});

/** What a change of the fleet may alter on any screen. */
const FLEET = ["Pool", "Calendar", "Availability"] as const;

/**
 * What admins of the installation do with the fleet. Reading pools, types and the policy is in store/reservations-api.ts:
 * everybody does that. Nodes and maintenance are "Pool" as well, so that the stream's news of pools reaches them.
 */
export const fleetApi = api.injectEndpoints({
  endpoints: (build) => ({
    createGpuType: build.mutation<GpuType, { body: BodyInput<typeof createGpuType> }>({
      query: ({ body }) => request(createGpuType, { body }),
      invalidatesTags: ["GpuType"],
    }),
    updateGpuType: build.mutation<GpuType, { gpuTypeId: string; body: BodyInput<typeof updateGpuType> }>({
      query: ({ gpuTypeId, body }) => request(updateGpuType, { params: { gpu_type_id: gpuTypeId }, body }),
      invalidatesTags: ["GpuType", ...FLEET],
    }),
    deleteGpuType: build.mutation<null, { gpuTypeId: string }>({
      query: ({ gpuTypeId }) => request(deleteGpuType, { params: { gpu_type_id: gpuTypeId } }),
      invalidatesTags: ["GpuType"],
    }),

    createPool: build.mutation<PoolDetail, { body: BodyInput<typeof createPool> }>({
      query: ({ body }) => request(createPool, { body }),
      invalidatesTags: (result) => (result ? FLEET : []),
    }),
    /** Refused or not: a refusal may mean that somebody else changed it. */
    updatePool: build.mutation<Pool, OnePool & { body: BodyInput<typeof updatePool> }>({
      query: ({ body, ...arg }) => request(updatePool, { params: poolOf(arg), body }),
      invalidatesTags: FLEET,
    }),
    deletePool: build.mutation<null, OnePool>({
      query: (arg) => request(deletePool, { params: poolOf(arg) }),
      invalidatesTags: (_result, error) => (error ? [] : FLEET),
    }),

    listNodeUnits: build.infiniteQuery<NodePage, OnePool, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg, pageParam }) =>
        request(listNodeUnits, { params: poolOf(queryArg), query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Pool"],
    }),
    addNodes: build.mutation<{ data: PoolNode[] }, OnePool & { body: BodyInput<typeof addNodes> }>({
      query: ({ body, ...arg }) => request(addNodes, { params: poolOf(arg), body }),
      invalidatesTags: (result) => (result ? FLEET : []),
    }),
    renameNode: build.mutation<PoolNode, OneNode & { body: BodyInput<typeof renameNode> }>({
      query: ({ body, ...arg }) => request(renameNode, { params: nodeOf(arg), body }),
      invalidatesTags: (result) => (result ? FLEET : []),
    }),
    /** Asked anew each time: what it would do changes with every booking. */
    previewRetireNode: build.query<RetirePreview, OneNode>({
      query: (arg) => request(dryRun(retireNode), { params: nodeOf(arg), body: { dry_run: true } }),
      keepUnusedDataFor: 0,
    }),
    retireNode: build.mutation<ResponseOf<typeof retireNode>, OneNode>({
      query: (arg) => request(retireNode, { params: nodeOf(arg), body: {} }),
      invalidatesTags: (result) => (result ? FLEET : []),
    }),

    listMaintenance: build.infiniteQuery<MaintenancePage, { poolId: string | null; from?: string }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { poolId, from }, pageParam }) => {
        const query = { from, cursor: pageParam ?? undefined };
        return poolId === null
          ? request(listMaintenance, { query })
          : request(listPoolMaintenance, { params: { pool_id: poolId }, query });
      },
      providesTags: ["Pool"],
    }),
    previewCreateMaintenance: build.query<MaintenancePreview, OnePool & { body: NewMaintenance }>({
      query: ({ body, ...arg }) =>
        request(dryRun(createMaintenance), { params: poolOf(arg), body: { ...body, dry_run: true } }),
      keepUnusedDataFor: 0,
    }),
    createMaintenance: build.mutation<ChangedMaintenance, OnePool & { body: NewMaintenance }>({
      query: ({ body, ...arg }) => request(createMaintenance, { params: poolOf(arg), body }),
      invalidatesTags: (result) => (result ? FLEET : []),
    }),
    previewUpdateMaintenance: build.query<MaintenancePreview, OneMaintenance & { body: MaintenanceChange }>({
      query: ({ body, ...arg }) =>
        request(dryRun(updateMaintenance), { params: maintenanceOf(arg), body: { ...body, dry_run: true } }),
      keepUnusedDataFor: 0,
    }),
    updateMaintenance: build.mutation<ChangedMaintenance, OneMaintenance & { body: MaintenanceChange }>({
      query: ({ body, ...arg }) => request(updateMaintenance, { params: maintenanceOf(arg), body }),
      invalidatesTags: (result) => (result ? FLEET : []),
    }),
    endMaintenance: build.mutation<null, OneMaintenance>({
      query: (arg) => request(endMaintenance, { params: maintenanceOf(arg) }),
      invalidatesTags: FLEET,
    }),

    updateBookingPolicy: build.mutation<StoredBookingPolicy, { body: BodyInput<typeof updateBookingPolicy> }>({
      query: ({ body }) => request(updateBookingPolicy, { body }),
      invalidatesTags: (result) => (result ? ["BookingPolicy"] : []),
    }),

    listAdminProjects: build.infiniteQuery<AdminProjectPage, AdminProjectFilter, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg, pageParam }) =>
        request(listAdminProjects, { query: { ...queryArg, cursor: pageParam ?? undefined } }),
      providesTags: ["AdminProject"],
    }),
    /** The shell's project comes with the page: call router.refresh() when it was that one. */
    changePlan: build.mutation<ResponseOf<typeof changePlan>, { projectId: string; plan: Plan }>({
      query: ({ projectId, plan }) => request(changePlan, { params: { project_id: projectId }, body: { plan } }),
      invalidatesTags: ["AdminProject", "Project", "Me"],
    }),
  }),
});

export const {
  useCreateGpuTypeMutation,
  useUpdateGpuTypeMutation,
  useDeleteGpuTypeMutation,
  useCreatePoolMutation,
  useUpdatePoolMutation,
  useDeletePoolMutation,
  useListNodeUnitsInfiniteQuery,
  useAddNodesMutation,
  useRenameNodeMutation,
  usePreviewRetireNodeQuery,
  useRetireNodeMutation,
  useListMaintenanceInfiniteQuery,
  useLazyPreviewCreateMaintenanceQuery,
  useCreateMaintenanceMutation,
  useLazyPreviewUpdateMaintenanceQuery,
  useUpdateMaintenanceMutation,
  useEndMaintenanceMutation,
  useUpdateBookingPolicyMutation,
  useListAdminProjectsInfiniteQuery,
  useChangePlanMutation,
} = fleetApi;
