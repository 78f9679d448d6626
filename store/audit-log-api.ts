import { type AuditFilter, downloadAuditLog, listAuditLog, listInstallationAuditLog } from "@/lib/contracts/audit-log";
import type { ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

type AuditPage = ResponseOf<typeof listAuditLog>;

/** It grows with everything that is done, so it is read anew whenever it is opened. */
export const auditLogApi = api.injectEndpoints({
  endpoints: (build) => ({
    listAuditLog: build.infiniteQuery<AuditPage, { projectId: string; filter: AuditFilter }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId, filter }, pageParam }) =>
        request(listAuditLog, {
          params: { project_id: projectId },
          query: { ...filter, cursor: pageParam ?? undefined },
        }),
      keepUnusedDataFor: 0,
    }),
    listInstallationAuditLog: build.infiniteQuery<AuditPage, { filter: AuditFilter }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { filter }, pageParam }) =>
        request(listInstallationAuditLog, { query: { ...filter, cursor: pageParam ?? undefined } }),
      keepUnusedDataFor: 0,
    }),
  }),
});

/** Where the browser downloads the entries that a filter leaves. */
export function auditLogCsvHref(projectId: string, filter: AuditFilter): string {
  return request(downloadAuditLog, { params: { project_id: projectId }, query: filter }).url;
}

export const { useListAuditLogInfiniteQuery, useListInstallationAuditLogInfiniteQuery } = auditLogApi;
