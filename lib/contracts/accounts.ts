import { z } from "zod";
import { listOf, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { permissionSchema, roleSchema } from "@/lib/contracts/permissions";

export const emailSchema = z
  .email("Enter an e-mail address")
  .max(254)
  .transform((email) => email.toLowerCase());

export const passwordSchema = z.string().min(10, "Use at least 10 characters").max(200, "Use at most 200 characters");

export const personName = z.string().trim().min(1, "Enter a name").max(100);
const projectName = z.string().trim().min(1, "Enter a name").max(100);

export const projectSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    plan: z.enum(["free", "premium"]),
    role: roleSchema.nullable().meta({ description: "The caller's role; null for an API key." }),
    permissions: z.array(permissionSchema).meta({ description: "What the caller may do here." }),
    created_at: timestamp,
  })
  .meta({ id: "Project" });

export const meSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    is_admin: z.boolean().meta({ description: "Whether this person runs the installation and may use the admin API." }),
    projects: z.array(projectSchema),
  })
  .meta({ id: "Me" });

export const memberSchema = z
  .object({
    id: z.string(),
    user_id: z.string(),
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    last_login_at: timestamp
      .nullable()
      .meta({ description: "When this person last signed in; null: not since it is noted." }),
    created_at: timestamp,
  })
  .meta({ id: "Member" });

export const invitationSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    role: roleSchema,
    expires_at: timestamp,
    created_at: timestamp,
  })
  .meta({ id: "Invitation" });

export const invitationWithLinkSchema = invitationSchema
  .extend({ link: z.string().meta({ description: "Shown only in this answer; whoever has it can join." }) })
  .meta({ id: "InvitationWithLink" });

export const setUpBody = z.strictObject({
  name: personName,
  email: emailSchema,
  password: passwordSchema,
  project_name: projectName,
  demo: z.boolean().default(false).meta({ description: "Load demo data into the project." }),
});

export const acceptInvitationBody = z.strictObject({
  name: personName.optional().meta({ description: "For a new account; leave out when signed in." }),
  password: passwordSchema.optional().meta({ description: "For a new account; leave out when signed in." }),
});

const tag = "Accounts";

export const setUp = defineOperation({
  id: "setUp",
  method: "POST",
  path: "/setup",
  summary: "Create the owner account and the first project of a new installation",
  tag,
  auth: "public",
  body: setUpBody,
  status: 201,
  response: z.object({ project_id: z.string(), email: z.string() }),
  errors: ["already_set_up"],
});

export const getMe = defineOperation({
  id: "getMe",
  method: "GET",
  path: "/me",
  summary: "The signed-in person and their projects",
  tag,
  auth: "user",
  status: 200,
  response: meSchema,
});

export const createProject = defineOperation({
  id: "createProject",
  method: "POST",
  path: "/projects",
  summary: "Create a project",
  tag,
  auth: "user",
  body: z.strictObject({ name: projectName }),
  status: 201,
  response: projectSchema,
  idempotent: true,
});

export const getProject = defineOperation({
  id: "getProject",
  method: "GET",
  path: "/projects/{project_id}",
  summary: "Read a project",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: projectSchema,
});

export const updateProject = defineOperation({
  id: "updateProject",
  method: "PATCH",
  path: "/projects/{project_id}",
  summary: "Rename a project",
  tag,
  auth: "project",
  params: projectParams,
  body: z.strictObject({ name: projectName }),
  status: 200,
  response: projectSchema,
});

export const listMembers = defineOperation({
  id: "listMembers",
  method: "GET",
  path: "/projects/{project_id}/members",
  summary: "List members",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(memberSchema),
});

const memberParams = projectParams.extend({ member_id: z.string() });

export const updateMember = defineOperation({
  id: "updateMember",
  method: "PATCH",
  path: "/projects/{project_id}/members/{member_id}",
  summary: "Change a member's role",
  description: "Only owners make or change owners. The last owner keeps the role.",
  tag,
  auth: "project",
  params: memberParams,
  body: z.strictObject({ role: roleSchema }),
  status: 200,
  response: memberSchema,
  errors: ["conflict"],
});

export const removeMember = defineOperation({
  id: "removeMember",
  method: "DELETE",
  path: "/projects/{project_id}/members/{member_id}",
  summary: "Remove a member",
  tag,
  auth: "project",
  params: memberParams,
  status: 204,
  errors: ["conflict"],
});

export const listInvitations = defineOperation({
  id: "listInvitations",
  method: "GET",
  path: "/projects/{project_id}/invitations",
  summary: "List open invitations",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(invitationSchema),
});

export const createInvitation = defineOperation({
  id: "createInvitation",
  method: "POST",
  path: "/projects/{project_id}/invitations",
  summary: "Invite somebody by link",
  description: "The link works once and for 7 days. Inviting the same address again replaces the older link.",
  tag,
  auth: "project",
  params: projectParams,
  body: z.strictObject({ email: emailSchema, role: roleSchema }),
  status: 201,
  response: invitationWithLinkSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const revokeInvitation = defineOperation({
  id: "revokeInvitation",
  method: "DELETE",
  path: "/projects/{project_id}/invitations/{invitation_id}",
  summary: "Withdraw an invitation",
  tag,
  auth: "project",
  params: projectParams.extend({ invitation_id: z.string() }),
  status: 204,
});

export const acceptInvitation = defineOperation({
  id: "acceptInvitation",
  method: "POST",
  path: "/invitations/{token}/accept",
  summary: "Join a project by an invitation link",
  description: "Signed in: joins with the present account. Otherwise creates the account that the invitation names.",
  tag,
  auth: "public",
  params: z.object({ token: z.string().max(200) }),
  body: acceptInvitationBody,
  status: 200,
  response: z.object({ project_id: z.string(), email: z.string() }),
  errors: ["gone", "conflict"],
});

export type Project = z.infer<typeof projectSchema>;
export type Me = z.infer<typeof meSchema>;
export type Member = z.infer<typeof memberSchema>;
export type Invitation = z.infer<typeof invitationSchema>;
