import { type ApiKey, type ApiKeyWithSecret, createApiKey, listApiKeys, revokeApiKey } from "@/lib/contracts/api-keys";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { request } from "@/store/request";

type InProject = { projectId: string };

export const apiKeysApi = api.injectEndpoints({
  endpoints: (build) => ({
    listApiKeys: build.query<ApiKey[], InProject>({
      query: ({ projectId }) => request(listApiKeys, { params: { project_id: projectId } }),
      transformResponse: (response: ResponseOf<typeof listApiKeys>) => response.data,
      providesTags: ["ApiKey"],
    }),
    /** The answer holds the key, once: reset the hook's result when its dialog closes. */
    createApiKey: build.mutation<ApiKeyWithSecret, InProject & { body: BodyInput<typeof createApiKey> }>({
      query: ({ projectId, body }) => request(createApiKey, { params: { project_id: projectId }, body }),
      invalidatesTags: ["ApiKey"],
    }),
    revokeApiKey: build.mutation<null, InProject & { keyId: string }>({
      query: ({ projectId, keyId }) => request(revokeApiKey, { params: { project_id: projectId, key_id: keyId } }),
      invalidatesTags: ["ApiKey"],
    }),
  }),
});

export const { useListApiKeysQuery, useCreateApiKeyMutation, useRevokeApiKeyMutation } = apiKeysApi;
