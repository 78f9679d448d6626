import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import {
  cancelReplay,
  createReplay,
  getReplay,
  listReplays,
  pauseReplay,
  previewReplay,
  type ReplayDetail,
  type ReplayPreview,
  resumeReplay,
  updateReplay,
} from "@/lib/contracts/replays";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { newerReplay } from "@/store/replay-mirror";
import { request } from "@/store/request";

export type ReplayPage = ResponseOf<typeof listReplays>;
type InProject = { projectId: string };
type OneReplay = InProject & { replayId: string };

const paramsOf = ({ projectId, replayId }: OneReplay) => ({ project_id: projectId, replay_id: replayId });

export const replaysApi = api.injectEndpoints({
  endpoints: (build) => ({
    listReplays: build.infiniteQuery<ReplayPage, InProject, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId }, pageParam }) =>
        request(listReplays, { params: { project_id: projectId }, query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Replay"],
    }),
    getReplay: build.query<ReplayDetail, OneReplay>({
      query: (arg) => request(getReplay, { params: paramsOf(arg) }),
      // An answer that was read before a change but arrives after the stream's message must not undo it.
      merge: newerReplay,
      providesTags: (_result, _error, { replayId }) => [{ type: "Replay", id: replayId }],
    }),
    /** Counts; changes nothing. Asked anew each time, since deliveries go on meanwhile. */
    previewReplay: build.query<ReplayPreview, InProject & { scope: BodyInput<typeof previewReplay> }>({
      query: ({ projectId, scope }) => request(previewReplay, { params: { project_id: projectId }, body: scope }),
      keepUnusedDataFor: 0,
    }),
    createReplay: build.mutation<ReplayDetail, InProject & { body: BodyInput<typeof createReplay> }>({
      query: ({ projectId, body }) => request(createReplay, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Replay"],
    }),
    /** The answers of these reach the lists and the page as the stream's messages do: see store/live-stream.ts. */
    pauseReplay: build.mutation<ReplayDetail, OneReplay>({
      query: (arg) => request(pauseReplay, { params: paramsOf(arg) }),
    }),
    resumeReplay: build.mutation<ReplayDetail, OneReplay>({
      query: (arg) => request(resumeReplay, { params: paramsOf(arg) }),
    }),
    cancelReplay: build.mutation<ReplayDetail, OneReplay>({
      query: (arg) => request(cancelReplay, { params: paramsOf(arg) }),
    }),
    updateReplay: build.mutation<ReplayDetail, OneReplay & { body: BodyInput<typeof updateReplay> }>({
      query: ({ body, ...arg }) => request(updateReplay, { params: paramsOf(arg), body }),
    }),
  }),
});

export const {
  useListReplaysInfiniteQuery,
  useGetReplayQuery,
  usePreviewReplayQuery,
  useCreateReplayMutation,
  usePauseReplayMutation,
  useResumeReplayMutation,
  useCancelReplayMutation,
  useUpdateReplayMutation,
} = replaysApi;
