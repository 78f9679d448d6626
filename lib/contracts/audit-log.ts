import { z } from "zod";
import { jsonObject, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const AUDIT_LIMITS = {
  /** Characters of one text of what was asked for; longer ones are cut. */
  textLength: 200,
  /** Members of an object or items of a list that are kept. */
  members: 30,
  /** How deep what was asked for is kept. */
  depth: 3,
} as const;

export const AUDIT_ACTOR_KINDS = ["user", "api_key", "system", "anonymous"] as const;
export const AUDIT_OUTCOMES = ["done", "refused"] as const;

/** What is not an operation of the API and is noted all the same. */
export const SIGN_IN_ACTIONS = {
  signIn: "Sign in",
} as const;

export const auditEntrySchema = z
  .object({
    id: z.string(),
    created_at: timestamp,
    project_id: z.string().nullable().meta({ description: "null: it is about an account or the installation." }),
    actor: z.object({
      kind: z.enum(AUDIT_ACTOR_KINDS),
      id: z.string().nullable(),
      name: z.string().meta({ description: "As it was called then." }),
    }),
    action: z.string().meta({ description: "The operation's id, as in this document, or `signIn`." }),
    summary: z.string().meta({ description: "What that means, for people." }),
    target: z.object({ kind: z.string(), id: z.string() }).nullable(),
    outcome: z
      .enum(AUDIT_OUTCOMES)
      .meta({ description: "refused: role or API key did not allow it, or nobody could sign in with what was given." }),
    code: z.string().nullable().meta({ description: "The error's code, where it was refused." }),
    details: jsonObject.meta({ description: "What was asked for; secrets are left out and long texts cut." }),
    address: z.string().nullable().meta({ description: "Where the request came from." }),
    user_agent: z.string().nullable(),
    request_id: z.string().nullable(),
  })
  .meta({ id: "AuditEntry" });

const filters = z.object({
  actor_id: z.string().max(100).optional().meta({ description: "A user's or an API key's id." }),
  action: z.string().max(100).optional(),
  target_id: z.string().max(200).optional().meta({ description: "What it was done to." }),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  from: timestamp.optional(),
  to: timestamp.optional().meta({ description: "Before this moment." }),
});

const tag = "Audit log";

export const listAuditLog = defineOperation({
  id: "listAuditLog",
  method: "GET",
  path: "/projects/{project_id}/audit-log",
  summary: "Who did what in the project, newest first",
  description:
    "Every call that changed something, and every one that role or API key did not allow. Events and artifacts that are published have lists of their own and are not repeated here.",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery.extend(filters.shape),
  status: 200,
  response: pageOf(auditEntrySchema),
  errors: ["invalid_cursor"],
});

export const downloadAuditLog = defineOperation({
  id: "downloadAuditLog",
  method: "GET",
  path: "/projects/{project_id}/audit-log.csv",
  summary: "The audit log as CSV, newest first",
  description:
    "Every entry that the filter leaves, in UTF-8 with a header. Text that a spreadsheet would take for a formula has an apostrophe before it.",
  tag,
  auth: "project",
  params: projectParams,
  query: filters,
  status: 200,
  contentType: "text/csv",
});

export const listInstallationAuditLog = defineOperation({
  id: "listInstallationAuditLog",
  method: "GET",
  path: "/admin/audit-log",
  summary: "Who did what in the whole installation, newest first",
  description: "With what belongs to no project: sign-ins, accounts, the fleet, settings.",
  tag,
  auth: "admin",
  query: pageQuery.extend({ ...filters.shape, project_id: z.string().max(100).optional() }),
  status: 200,
  response: pageOf(auditEntrySchema),
  errors: ["invalid_cursor"],
});

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditFilter = z.infer<typeof filters>;
