import type { ResponseOf } from "@/lib/contracts/operation";
import { getSelfAudit } from "@/lib/contracts/self-audit";
import { api } from "@/store/api";
import { request } from "@/store/request";

export const selfAuditApi = api.injectEndpoints({
  endpoints: (build) => ({
    getSelfAudit: build.query<ResponseOf<typeof getSelfAudit>, { projectId: string }>({
      query: ({ projectId }) => request(getSelfAudit, { params: { project_id: projectId } }),
    }),
  }),
});

export const { useGetSelfAuditQuery } = selfAuditApi;
