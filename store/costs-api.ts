import {
  type Costs,
  type CostThreshold,
  createCostThreshold,
  deleteCostThreshold,
  getCosts,
  listCostThresholds,
} from "@/lib/contracts/costs";
import type { BodyInput } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { request } from "@/store/request";

type InProject = { projectId: string };

/** Costs come out of the ledger, so they are read again whenever credits change. */
export const costsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getCosts: build.query<Costs, InProject & { from: string; to: string }>({
      query: ({ projectId, from, to }) => request(getCosts, { params: { project_id: projectId }, query: { from, to } }),
      providesTags: ["Credit"],
    }),
    listCostThresholds: build.query<CostThreshold[], InProject>({
      query: ({ projectId }) => request(listCostThresholds, { params: { project_id: projectId } }),
      transformResponse: ({ data }: { data: CostThreshold[] }) => data,
      providesTags: ["Credit"],
    }),
    createCostThreshold: build.mutation<CostThreshold, InProject & { body: BodyInput<typeof createCostThreshold> }>({
      query: ({ projectId, body }) => request(createCostThreshold, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Credit"],
    }),
    deleteCostThreshold: build.mutation<null, InProject & { thresholdId: string }>({
      query: ({ projectId, thresholdId }) =>
        request(deleteCostThreshold, { params: { project_id: projectId, threshold_id: thresholdId } }),
      invalidatesTags: ["Credit"],
    }),
  }),
});

export const {
  useGetCostsQuery,
  useListCostThresholdsQuery,
  useCreateCostThresholdMutation,
  useDeleteCostThresholdMutation,
} = costsApi;
