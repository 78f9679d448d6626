import {
  acceptInvitation,
  createInvitation,
  createProject,
  getMe,
  getProject,
  type Invitation,
  listInvitations,
  listMembers,
  type Me,
  type Member,
  type Project,
  removeMember,
  revokeInvitation,
  setUp,
  updateMember,
  updateProject,
} from "@/lib/contracts/accounts";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import type { Role } from "@/lib/contracts/permissions";
import { api } from "@/store/api";
import { request } from "@/store/request";

type InProject = { projectId: string };

export const accountsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getMe: build.query<Me, void>({
      query: () => request(getMe, {}),
      providesTags: ["Me"],
    }),
    setUp: build.mutation<ResponseOf<typeof setUp>, { body: BodyInput<typeof setUp> }>({
      query: ({ body }) => request(setUp, { body }),
    }),
    createProject: build.mutation<Project, { body: BodyInput<typeof createProject> }>({
      query: ({ body }) => request(createProject, { body }),
      invalidatesTags: ["Me"],
    }),
    getProject: build.query<Project, InProject>({
      query: ({ projectId }) => request(getProject, { params: { project_id: projectId } }),
      providesTags: ["Project"],
    }),
    /** The shell's project comes with the page: call router.refresh() after a success. */
    updateProject: build.mutation<Project, InProject & { body: BodyInput<typeof updateProject> }>({
      query: ({ projectId, body }) => request(updateProject, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Me", "Project"],
    }),
    listMembers: build.query<Member[], InProject>({
      query: ({ projectId }) => request(listMembers, { params: { project_id: projectId } }),
      transformResponse: (response: ResponseOf<typeof listMembers>) => response.data,
      providesTags: ["Member"],
    }),
    updateMember: build.mutation<Member, InProject & { memberId: string; role: Role }>({
      query: ({ projectId, memberId, role }) =>
        request(updateMember, { params: { project_id: projectId, member_id: memberId }, body: { role } }),
      invalidatesTags: ["Member", "Me"],
    }),
    removeMember: build.mutation<null, InProject & { memberId: string }>({
      query: ({ projectId, memberId }) =>
        request(removeMember, { params: { project_id: projectId, member_id: memberId } }),
      invalidatesTags: ["Member"],
    }),
    listInvitations: build.query<Invitation[], InProject>({
      query: ({ projectId }) => request(listInvitations, { params: { project_id: projectId } }),
      transformResponse: (response: ResponseOf<typeof listInvitations>) => response.data,
      providesTags: ["Invitation"],
    }),
    /** The answer holds the link, once: reset the hook's result when its dialog closes. */
    createInvitation: build.mutation<
      ResponseOf<typeof createInvitation>,
      InProject & { body: BodyInput<typeof createInvitation> }
    >({
      query: ({ projectId, body }) => request(createInvitation, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Invitation"],
    }),
    revokeInvitation: build.mutation<null, InProject & { invitationId: string }>({
      query: ({ projectId, invitationId }) =>
        request(revokeInvitation, { params: { project_id: projectId, invitation_id: invitationId } }),
      invalidatesTags: ["Invitation"],
    }),
    acceptInvitation: build.mutation<
      ResponseOf<typeof acceptInvitation>,
      { token: string; body: BodyInput<typeof acceptInvitation> }
    >({
      query: ({ token, body }) => request(acceptInvitation, { params: { token }, body }),
      invalidatesTags: ["Me"],
    }),
  }),
});

export const {
  useGetMeQuery,
  useSetUpMutation,
  useCreateProjectMutation,
  useGetProjectQuery,
  useUpdateProjectMutation,
  useListMembersQuery,
  useUpdateMemberMutation,
  useRemoveMemberMutation,
  useListInvitationsQuery,
  useCreateInvitationMutation,
  useRevokeInvitationMutation,
  useAcceptInvitationMutation,
} = accountsApi;
