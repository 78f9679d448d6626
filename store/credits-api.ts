import {
  type CreditGrantView,
  type CreditSummary,
  createGrant,
  downloadLedger,
  getCredits,
  type LedgerFilter,
  listAdminCredits,
  listAdminGrants,
  listGrants,
  listLedger,
  voidGrant,
} from "@/lib/contracts/credits";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

type InProject = { projectId: string };
type GrantPage = ResponseOf<typeof listGrants>;
type LedgerPage = ResponseOf<typeof listLedger>;
type AdminCreditsPage = ResponseOf<typeof listAdminCredits>;

/** All of it is read again when the stream says that credits changed: balances belong together. */
export const creditsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getCredits: build.query<CreditSummary, InProject>({
      query: ({ projectId }) => request(getCredits, { params: { project_id: projectId } }),
      providesTags: ["Credit"],
    }),
    listGrants: build.infiniteQuery<GrantPage, InProject & { state: "open" | "all" }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId, state }, pageParam }) =>
        request(listGrants, { params: { project_id: projectId }, query: { state, cursor: pageParam ?? undefined } }),
      providesTags: ["Credit"],
    }),
    listLedger: build.infiniteQuery<LedgerPage, InProject & { filter: LedgerFilter }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId, filter }, pageParam }) =>
        request(listLedger, {
          params: { project_id: projectId },
          query: { ...filter, cursor: pageParam ?? undefined },
        }),
      providesTags: ["Credit"],
    }),
    listAdminCredits: build.infiniteQuery<AdminCreditsPage, { q: string }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { q }, pageParam }) =>
        request(listAdminCredits, { query: { q, cursor: pageParam ?? undefined } }),
      providesTags: ["Credit"],
    }),
    listAdminGrants: build.infiniteQuery<GrantPage, InProject, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId }, pageParam }) =>
        request(listAdminGrants, { params: { project_id: projectId }, query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Credit"],
    }),
    /** @param idempotencyKey the same for the same grant, so that a lost answer does not grant twice */
    createGrant: build.mutation<
      ResponseOf<typeof createGrant>,
      InProject & { body: BodyInput<typeof createGrant>; idempotencyKey: string }
    >({
      query: ({ projectId, body, idempotencyKey }) => ({
        ...request(createGrant, { params: { project_id: projectId }, body }),
        idempotencyKey,
      }),
      invalidatesTags: ["Credit"],
    }),
    voidGrant: build.mutation<CreditGrantView, { grantId: string; body: BodyInput<typeof voidGrant> }>({
      query: ({ grantId, body }) => request(voidGrant, { params: { grant_id: grantId }, body }),
      invalidatesTags: ["Credit"],
    }),
  }),
});

/** Where the browser downloads the lines that a filter leaves. */
export function ledgerCsvHref(projectId: string, filter: LedgerFilter): string {
  return request(downloadLedger, { params: { project_id: projectId }, query: filter }).url;
}

export const {
  useGetCreditsQuery,
  useListGrantsInfiniteQuery,
  useListLedgerInfiniteQuery,
  useListAdminCreditsInfiniteQuery,
  useListAdminGrantsInfiniteQuery,
  useCreateGrantMutation,
  useVoidGrantMutation,
} = creditsApi;
