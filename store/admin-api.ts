import {
  type AdminStatus,
  cleanUpDeliveries,
  getAdminStatus,
  listAdminEndpoints,
  reloadWebhooksFile,
  retryStuck,
} from "@/lib/contracts/admin";
import type { QueryInput, ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { request } from "@/store/request";

/** The webhooks of the file fit one page of the largest size or a few; the screen says when there are more. */
const FILE_WEBHOOKS_SHOWN = 200;

export const adminApi = api.injectEndpoints({
  endpoints: (build) => ({
    getAdminStatus: build.query<AdminStatus, void>({
      query: () => request(getAdminStatus, {}),
      providesTags: ["AdminStatus"],
    }),
    getFileWebhooks: build.query<ResponseOf<typeof listAdminEndpoints>, void>({
      query: () => request(listAdminEndpoints, { query: { source: "file", limit: FILE_WEBHOOKS_SHOWN } }),
      providesTags: ["AdminFile"],
    }),
    reloadWebhooksFile: build.mutation<ResponseOf<typeof reloadWebhooksFile>, { reenable: boolean }>({
      query: ({ reenable }) => request(reloadWebhooksFile, { query: { reenable: reenable ? "true" : "false" } }),
      // A refused file is news as well: its mistakes are kept with it.
      invalidatesTags: ["AdminFile", "Webhook"],
    }),
    cleanUp: build.mutation<ResponseOf<typeof cleanUpDeliveries>, QueryInput<typeof cleanUpDeliveries>>({
      query: (query) => request(cleanUpDeliveries, { query }),
      invalidatesTags: (_result, error, { dry_run }) =>
        error || dry_run === "true" ? [] : ["Delivery", "Event", "Overview"],
    }),
    retryStuck: build.mutation<ResponseOf<typeof retryStuck>, void>({
      query: () => request(retryStuck, {}),
      invalidatesTags: ["AdminStatus", "Delivery"],
    }),
  }),
});

export const {
  useGetAdminStatusQuery,
  useGetFileWebhooksQuery,
  useReloadWebhooksFileMutation,
  useCleanUpMutation,
  useRetryStuckMutation,
} = adminApi;
