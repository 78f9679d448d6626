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
import {
  getWorkflow,
  listWorkflowArtifacts,
  listWorkflowEvents,
  listWorkflows,
  type WorkflowDetail,
  type WorkflowKind,
} from "@/lib/contracts/workflows";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

type WorkflowPage = ResponseOf<typeof listWorkflows>;
type EventPage = ResponseOf<typeof listWorkflowEvents>;
type ArtifactPage = ResponseOf<typeof listWorkflowArtifacts>;
type InProject = { projectId: string };
type WorkflowListArg = InProject & { kind?: WorkflowKind | undefined; q?: string | undefined };
type OneWorkflow = InProject & { correlationId: string };
type OneProcessor = InProject & { processorId: string };

const processorParams = ({ projectId, processorId }: OneProcessor) => ({
  project_id: projectId,
  processor_id: processorId,
});

const workflowParams = ({ projectId, correlationId }: OneWorkflow) => ({
  project_id: projectId,
  correlation_id: correlationId,
});

/** Rows of a page: a workflow of an ordinary size is seen whole. */
const ROWS = 100;

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
    /** What it is, without its events and artifacts, which are read page by page. */
    getWorkflow: build.query<WorkflowDetail, OneWorkflow>({
      query: (arg) => request(getWorkflow, { params: workflowParams(arg), query: { limit: 0 } }),
      providesTags: ["Workflow"],
    }),
    listWorkflowEvents: build.infiniteQuery<EventPage, OneWorkflow, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg, pageParam }) =>
        request(listWorkflowEvents, {
          params: workflowParams(queryArg),
          query: { cursor: pageParam ?? undefined, limit: ROWS },
        }),
      providesTags: ["Workflow"],
    }),
    listWorkflowArtifacts: build.infiniteQuery<ArtifactPage, OneWorkflow, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg, pageParam }) =>
        request(listWorkflowArtifacts, {
          params: workflowParams(queryArg),
          query: { cursor: pageParam ?? undefined, limit: ROWS },
        }),
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
  useListWorkflowEventsInfiniteQuery,
  useListWorkflowArtifactsInfiniteQuery,
  usePublishArtifactMutation,
  useListProcessorsQuery,
  useCreateProcessorMutation,
  useUpdateProcessorMutation,
  useDeleteProcessorMutation,
} = workflowsApi;
