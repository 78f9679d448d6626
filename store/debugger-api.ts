import type { BodyInput } from "@/lib/contracts/operation";
import { debugSignature, type SignatureDiagnosis } from "@/lib/contracts/signature-debugger";
import { api } from "@/store/api";
import { request } from "@/store/request";

export const debuggerApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** The argument holds a secret: reset the hook's result as soon as the answer is there. */
    debugSignature: build.mutation<SignatureDiagnosis, { projectId: string; body: BodyInput<typeof debugSignature> }>({
      query: ({ projectId, body }) => request(debugSignature, { params: { project_id: projectId }, body }),
    }),
  }),
});

export const { useDebugSignatureMutation } = debuggerApi;
