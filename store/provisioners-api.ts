import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import {
  checkProvisioner,
  createProvisioner,
  deleteProvisioner,
  listProvisioners,
  PROVISIONER_LIMITS,
  type Provisioner,
  type ProvisionerCheck,
  type ProvisionerWithSecret,
  regenerateProvisionerSecret,
  updateProvisioner,
} from "@/lib/contracts/provisioners";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

export type ProvisionerPage = ResponseOf<typeof listProvisioners>;

type OneProvisioner = { provisionerId: string };
const paramsOf = ({ provisionerId }: OneProvisioner) => ({ provisioner_id: provisionerId });

/** Provisioners, which run the machines of pools. For admins of the installation only. */
export const provisionersApi = api.injectEndpoints({
  endpoints: (build) => ({
    listProvisioners: build.infiniteQuery<ProvisionerPage, void, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ pageParam }) =>
        request(listProvisioners, { query: { cursor: pageParam ?? undefined, limit: PROVISIONER_LIMITS.count } }),
      // A pool may have got another one.
      providesTags: ["Provisioner", "Pool"],
    }),
    createProvisioner: build.mutation<ProvisionerWithSecret, { body: BodyInput<typeof createProvisioner> }>({
      query: ({ body }) => request(createProvisioner, { body }),
      invalidatesTags: (result) => (result ? ["Provisioner"] : []),
    }),
    updateProvisioner: build.mutation<Provisioner, OneProvisioner & { body: BodyInput<typeof updateProvisioner> }>({
      query: ({ body, ...arg }) => request(updateProvisioner, { params: paramsOf(arg), body }),
      invalidatesTags: ["Provisioner"],
    }),
    deleteProvisioner: build.mutation<null, OneProvisioner>({
      query: (arg) => request(deleteProvisioner, { params: paramsOf(arg) }),
      invalidatesTags: ["Provisioner"],
    }),
    regenerateProvisionerSecret: build.mutation<
      ProvisionerWithSecret,
      OneProvisioner & { body: BodyInput<typeof regenerateProvisionerSecret> }
    >({
      query: ({ body, ...arg }) => request(regenerateProvisionerSecret, { params: paramsOf(arg), body }),
      invalidatesTags: ["Provisioner"],
    }),
    checkProvisioner: build.mutation<ProvisionerCheck, OneProvisioner>({
      query: (arg) => request(checkProvisioner, { params: paramsOf(arg) }),
      invalidatesTags: ["Provisioner"],
    }),
  }),
});

export const {
  useListProvisionersInfiniteQuery,
  useCreateProvisionerMutation,
  useUpdateProvisionerMutation,
  useDeleteProvisionerMutation,
  useRegenerateProvisionerSecretMutation,
  useCheckProvisionerMutation,
} = provisionersApi;
