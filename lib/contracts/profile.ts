import { z } from "zod";
import { emailSchema, passwordSchema, personName } from "@/lib/contracts/accounts";
import { listOf, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

/** One's own account. */

const currentPassword = z.string().min(1, "Enter your current password").max(1000);

export const profileSchema = z.object({ id: z.string(), email: z.string(), name: z.string() }).meta({ id: "Profile" });

export const signInMethodSchema = z
  .object({
    id: z.string().nullable().meta({ description: "null: the password." }),
    kind: z.enum(["password", "provider"]),
    name: z.string().meta({ description: "What to call it, such as GitHub." }),
    created_at: timestamp.nullable().meta({ description: "When it was linked; null for the password." }),
    removable: z.boolean().meta({ description: "The last one cannot be removed: nobody could sign in any more." }),
  })
  .meta({ id: "SignInMethod" });

export const deletionPreviewSchema = z
  .object({
    allowed: z.boolean(),
    reasons: z.array(z.string()).meta({ description: "Why not, each with the mend." }),
    projects: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        fate: z.enum(["left", "deleted", "blocked"]).meta({
          description:
            "left: others own it too. deleted: nobody else is in it, so it goes with everything in it. blocked: see the reasons.",
        }),
      }),
    ),
    has_password: z.boolean(),
  })
  .meta({ id: "DeletionPreview" });

const tag = "Accounts";

export const updateMe = defineOperation({
  id: "updateMe",
  method: "PATCH",
  path: "/me",
  summary: "Change one's name",
  tag,
  auth: "user",
  body: z.strictObject({ name: personName }),
  status: 200,
  response: profileSchema,
});

export const changeEmail = defineOperation({
  id: "changeEmail",
  method: "POST",
  path: "/me/email",
  summary: "Change one's e-mail address",
  description:
    "Needs the password: whoever has the address may be invited by it. An account without one sets it first.",
  tag,
  auth: "user",
  body: z.strictObject({ email: emailSchema, current_password: currentPassword }),
  status: 200,
  response: profileSchema,
  errors: ["invalid_credentials", "conflict"],
});

export const changePassword = defineOperation({
  id: "changePassword",
  method: "POST",
  path: "/me/password",
  summary: "Change or set one's password",
  description: "Ends every other session. The answer brings this browser a new one.",
  tag,
  auth: "user",
  body: z.strictObject({
    current_password: currentPassword.optional().meta({ description: "Needed unless the account has none yet." }),
    new_password: passwordSchema,
  }),
  status: 204,
  errors: ["invalid_credentials"],
});

export const signOutEverywhere = defineOperation({
  id: "signOutEverywhere",
  method: "POST",
  path: "/me/sign-out-everywhere",
  summary: "End every other session of one's own",
  tag,
  auth: "user",
  status: 204,
});

export const listSignInMethods = defineOperation({
  id: "listSignInMethods",
  method: "GET",
  path: "/me/sign-in-methods",
  summary: "The ways in which one can sign in",
  tag,
  auth: "user",
  status: 200,
  response: listOf(signInMethodSchema),
});

export const unlinkSignInMethod = defineOperation({
  id: "unlinkSignInMethod",
  method: "DELETE",
  path: "/me/sign-in-methods/{identity_id}",
  summary: "Unlink a provider",
  description: "Not the last way to sign in. Linking is signing in with the provider while signed in.",
  tag,
  auth: "user",
  params: z.object({ identity_id: z.string() }),
  status: 204,
  errors: ["conflict"],
});

export const exportMe = defineOperation({
  id: "exportMe",
  method: "GET",
  path: "/me/export",
  summary: "Everything that is kept about oneself, as one JSON file",
  tag,
  auth: "user",
  status: 200,
  contentType: "application/octet-stream",
});

export const previewDeletion = defineOperation({
  id: "previewDeletion",
  method: "GET",
  path: "/me/deletion",
  summary: "What deleting one's account would do",
  tag,
  auth: "user",
  status: 200,
  response: deletionPreviewSchema,
});

export const deleteMe = defineOperation({
  id: "deleteMe",
  method: "POST",
  path: "/me/deletion",
  summary: "Delete one's account",
  description: "Projects in which nobody else is go with it. It cannot be undone.",
  tag,
  auth: "user",
  body: z.strictObject({
    email: emailSchema.meta({ description: "One's own address, typed again." }),
    current_password: currentPassword.optional().meta({ description: "Needed where the account has one." }),
  }),
  status: 204,
  errors: ["invalid_credentials", "conflict"],
});

export type Profile = z.infer<typeof profileSchema>;
export type SignInMethod = z.infer<typeof signInMethodSchema>;
export type DeletionPreview = z.infer<typeof deletionPreviewSchema>;
