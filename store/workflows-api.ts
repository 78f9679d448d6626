import { publishArtifactSync, type SyncArtifact } from "@/lib/contracts/artifacts";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import {
  createProcessor,
  deleteProcessor,
  listProcessors,
  type Processor,
  type ProcessorWithSecret,
  updateProcessor,
} from "@/lib/contracts/processors";
import { getWorkflow, listWorkflows, type WorkflowDetail, type WorkflowKind } from "@/lib/contracts/workflows";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

type WorkflowPage = ResponseOf<typeof listWorkflows>;
type InProject = { projectId: string };
type WorkflowListArg = InProject & { kind?: WorkflowKind | undefined; q?: string | undefined };
type OneProcessor = InProject & { processorId: string };

const processorParams = ({ projectId, processorId }: OneProcessor) => ({
  project_id: projectId,
  processor_id: processorId,
});

/** Workflows are read again when the live stream tells of events or deliveries: see store/live-stream.ts. */
export const workflowsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listWorkflows: build.infiniteQuery<WorkflowPage, WorkflowListArg, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId, ...filter }, pageParam }) =>
        request(listWorkflows, {
          params: { project_id: projectId },
          query: { ...filter, cursor: pageParam ?? undefined },
        }),
      providesTags: ["Workflow"],
    }),
    getWorkflow: build.query<WorkflowDetail, InProject & { correlationId: string }>({
      query: ({ projectId, correlationId }) =>
        request(getWorkflow, { params: { project_id: projectId, correlation_id: correlationId } }),
      providesTags: ["Workflow"],
    }),
    /** Answers when what it leads to has been made, so that the reader sees it at once. */
    publishArtifact: build.mutation<SyncArtifact, InProject & { body: BodyInput<typeof publishArtifactSync> }>({
      query: ({ projectId, body }) => request(publishArtifactSync, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Workflow"],
    }),
    listProcessors: build.query<Processor[], InProject>({
      query: ({ projectId }) => request(listProcessors, { params: { project_id: projectId } }),
      transformResponse: (response: ResponseOf<typeof listProcessors>) => response.data,
      providesTags: ["Processor"],
    }),
    createProcessor: build.mutation<ProcessorWithSecret, InProject & { body: BodyInput<typeof createProcessor> }>({
      query: ({ projectId, body }) => request(createProcessor, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Processor"],
    }),
    updateProcessor: build.mutation<Processor, OneProcessor & { body: BodyInput<typeof updateProcessor> }>({
      query: ({ body, ...arg }) => request(updateProcessor, { params: processorParams(arg), body }),
      invalidatesTags: ["Processor"],
    }),
    deleteProcessor: build.mutation<unknown, OneProcessor>({
      query: (arg) => request(deleteProcessor, { params: processorParams(arg) }),
      invalidatesTags: ["Processor"],
    }),
  }),
});

export const {
  useListWorkflowsInfiniteQuery,
  useGetWorkflowQuery,
  usePublishArtifactMutation,
  useListProcessorsQuery,
  useCreateProcessorMutation,
  useUpdateProcessorMutation,
  useDeleteProcessorMutation,
} = workflowsApi;
