import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import {
  createSavedView,
  deleteSavedView,
  listSavedViews,
  type SavedView,
  updateSavedView,
} from "@/lib/contracts/saved-views";
import { api } from "@/store/api";
import { request } from "@/store/request";

type InProject = { projectId: string };
type OneView = InProject & { viewId: string };

const paramsOf = ({ projectId, viewId }: OneView) => ({ project_id: projectId, view_id: viewId });

export const savedViewsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listSavedViews: build.query<SavedView[], InProject>({
      query: ({ projectId }) => request(listSavedViews, { params: { project_id: projectId } }),
      transformResponse: (response: ResponseOf<typeof listSavedViews>) => response.data,
      providesTags: ["SavedView"],
    }),
    createSavedView: build.mutation<SavedView, InProject & { body: BodyInput<typeof createSavedView> }>({
      query: ({ projectId, body }) => request(createSavedView, { params: { project_id: projectId }, body }),
      // In the list at once: the address that names the new view must find it there.
      async onQueryStarted({ projectId }, { dispatch, queryFulfilled }) {
        await queryFulfilled.then(
          ({ data }) =>
            dispatch(
              savedViewsApi.util.updateQueryData("listSavedViews", { projectId }, (views) => {
                views.push(data);
              }),
            ),
          () => undefined,
        );
      },
      invalidatesTags: ["SavedView"],
    }),
    updateSavedView: build.mutation<SavedView, OneView & { body: BodyInput<typeof updateSavedView> }>({
      query: ({ body, ...arg }) => request(updateSavedView, { params: paramsOf(arg), body }),
      invalidatesTags: ["SavedView"],
    }),
    deleteSavedView: build.mutation<null, OneView>({
      query: (arg) => request(deleteSavedView, { params: paramsOf(arg) }),
      invalidatesTags: ["SavedView"],
    }),
  }),
});

export const {
  useListSavedViewsQuery,
  useCreateSavedViewMutation,
  useUpdateSavedViewMutation,
  useDeleteSavedViewMutation,
} = savedViewsApi;
