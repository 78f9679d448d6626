import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import {
  changeEmail,
  changePassword,
  type DeletionPreview,
  deleteMe,
  listSignInMethods,
  type Profile,
  previewDeletion,
  type SignInMethod,
  signOutEverywhere,
  unlinkSignInMethod,
  updateMe,
} from "@/lib/contracts/profile";
import { api } from "@/store/api";
import { request } from "@/store/request";

export const profileApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** The shell shows who is signed in as the page brought it: call router.refresh() after a success. */
    updateMe: build.mutation<Profile, { body: BodyInput<typeof updateMe> }>({
      query: ({ body }) => request(updateMe, { body }),
      invalidatesTags: ["Me", "Member"],
    }),
    changeEmail: build.mutation<Profile, { body: BodyInput<typeof changeEmail> }>({
      query: ({ body }) => request(changeEmail, { body }),
      invalidatesTags: ["Me", "Member"],
    }),
    changePassword: build.mutation<null, { body: BodyInput<typeof changePassword> }>({
      query: ({ body }) => request(changePassword, { body }),
      invalidatesTags: ["SignInMethod"],
    }),
    signOutEverywhere: build.mutation<null, void>({ query: () => request(signOutEverywhere, {}) }),
    listSignInMethods: build.query<SignInMethod[], void>({
      query: () => request(listSignInMethods, {}),
      transformResponse: (response: ResponseOf<typeof listSignInMethods>) => response.data,
      providesTags: ["SignInMethod"],
    }),
    unlinkSignInMethod: build.mutation<null, { identityId: string }>({
      query: ({ identityId }) => request(unlinkSignInMethod, { params: { identity_id: identityId } }),
      invalidatesTags: ["SignInMethod"],
    }),
    previewDeletion: build.query<DeletionPreview, void>({
      query: () => request(previewDeletion, {}),
      keepUnusedDataFor: 0,
    }),
    deleteMe: build.mutation<null, { body: BodyInput<typeof deleteMe> }>({
      query: ({ body }) => request(deleteMe, { body }),
    }),
  }),
});

export const {
  useUpdateMeMutation,
  useChangeEmailMutation,
  useChangePasswordMutation,
  useSignOutEverywhereMutation,
  useListSignInMethodsQuery,
  useUnlinkSignInMethodMutation,
  usePreviewDeletionQuery,
  useDeleteMeMutation,
} = profileApi;
