import { type FilterPreview, previewFilter } from "@/lib/contracts/filter-preview";
import type { BodyInput } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { request } from "@/store/request";

export const filterPreviewApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** A query, although it is a POST: it changes nothing, and the same question may be asked again at any time. */
    previewFilter: build.query<FilterPreview, { projectId: string; body: BodyInput<typeof previewFilter> }>({
      query: ({ projectId, body }) => request(previewFilter, { params: { project_id: projectId }, body }),
      // New events come all the time; an answer is good for the moment only.
      keepUnusedDataFor: 0,
    }),
  }),
});

export const { usePreviewFilterQuery } = filterPreviewApi;
