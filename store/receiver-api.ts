import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import {
  clearReceiverRequests,
  getReceiver,
  listReceiverRequests,
  type Receiver,
  type ReceiverRequest,
  updateReceiver,
} from "@/lib/contracts/receiver";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

type InProject = { projectId: string };
export type ReceiverPage = ResponseOf<typeof listReceiverRequests>;

export const receiverApi = api.injectEndpoints({
  endpoints: (build) => ({
    getReceiver: build.query<Receiver, InProject>({
      query: ({ projectId }) => request(getReceiver, { params: { project_id: projectId } }),
      providesTags: ["Receiver"],
    }),
    updateReceiver: build.mutation<Receiver, InProject & { body: BodyInput<typeof updateReceiver> }>({
      query: ({ projectId, body }) => request(updateReceiver, { params: { project_id: projectId }, body }),
      async onQueryStarted({ projectId }, { dispatch, queryFulfilled }) {
        const answer = await queryFulfilled.catch(() => undefined);
        if (answer) dispatch(receiverApi.util.updateQueryData("getReceiver", { projectId }, () => answer.data));
      },
    }),
    listReceiverRequests: build.infiniteQuery<ReceiverPage, InProject, string | null>({
      infiniteQueryOptions: { ...cursorPages, refetchCachedPages: false },
      query: ({ queryArg: { projectId }, pageParam }) =>
        request(listReceiverRequests, { params: { project_id: projectId }, query: { cursor: pageParam ?? undefined } }),
    }),
    /** The newest requests past the list's own cache, for telling after a gap what is new. */
    readReceiverTop: build.query<ReceiverRequest[], InProject>({
      query: ({ projectId }) => request(listReceiverRequests, { params: { project_id: projectId } }),
      transformResponse: (response: ReceiverPage) => response.data,
      keepUnusedDataFor: 0,
    }),
    clearReceiverRequests: build.mutation<null, InProject>({
      query: ({ projectId }) => request(clearReceiverRequests, { params: { project_id: projectId } }),
      async onQueryStarted({ projectId }, { dispatch, queryFulfilled }) {
        const done = await queryFulfilled.then(
          () => true,
          () => false,
        );
        if (!done) return;
        dispatch(
          receiverApi.util.updateQueryData("listReceiverRequests", { projectId }, () => ({
            pages: [{ data: [], next_cursor: null }],
            pageParams: [null],
          })),
        );
      },
    }),
  }),
});

export const {
  useGetReceiverQuery,
  useUpdateReceiverMutation,
  useListReceiverRequestsInfiniteQuery,
  useClearReceiverRequestsMutation,
} = receiverApi;
