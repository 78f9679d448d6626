import { z } from "zod";

export const ROLES = ["owner", "admin", "member", "viewer"] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** What a person or an API key may do in a project. An API key's scopes are a subset of these. */
export const PERMISSIONS = {
  "project:read": "See the project and its members",
  "project:manage": "Rename the project",
  "members:manage": "Invite, change and remove members",
  "keys:manage": "Create and revoke API keys",
  "webhooks:read": "See webhooks",
  "webhooks:write": "Create, change, test and delete webhooks",
  "events:read": "See events",
  "events:write": "Emit events",
  "deliveries:read": "See the delivery log",
  "deliveries:retry": "Retry deliveries",
  "receiver:read": "See the test receiver",
  "receiver:manage": "Change the test receiver's answers",
  "reservations:read": "See reservations, availability and prices",
  "reservations:write": "Book, change and cancel GPUs",
  "credits:read": "See the balance and the ledger of credits",
  "instances:read": "See instances, their logs, snapshots and failovers",
  "instances:write": "Start, stop and snapshot instances",
  "configs:read": "See configurations, versions, deployments and evaluations",
  "configs:write": "Commit and deploy configurations, record evaluations",
  "artifacts:read": "See workflows and artifacts",
  "artifacts:write": "Publish artifacts and register processors",
  "costs:read": "See what instances and reservations cost",
  "costs:manage": "Set thresholds of cost",
  "audit:read": "See who did what, when and from where",
} as const;

export type Permission = keyof typeof PERMISSIONS;
export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as [Permission, ...Permission[]];
export const permissionSchema = z.enum(ALL_PERMISSIONS);

/**
 * What an API key may be given: permissions in its project and, by those who run the installation only, "admin", which
 * belongs to no project and no role.
 */
export const SCOPES = { ...PERMISSIONS, admin: "Run this installation: its admin API and its metrics" } as const;

export type Scope = keyof typeof SCOPES;
export const ALL_SCOPES = Object.keys(SCOPES) as [Scope, ...Scope[]];
export const scopeSchema = z.enum(ALL_SCOPES);

/** It tells from which address people work. */
const ADMINS_ONLY: readonly Permission[] = ["audit:read"];

const VIEWER: readonly Permission[] = ALL_PERMISSIONS.filter(
  (permission) => permission.endsWith(":read") && !ADMINS_ONLY.includes(permission),
);
const MEMBER: readonly Permission[] = [
  ...VIEWER,
  "webhooks:write",
  "events:write",
  "deliveries:retry",
  "receiver:manage",
  "reservations:write",
  "instances:write",
  "configs:write",
  "artifacts:write",
];

export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: VIEWER,
  member: MEMBER,
  admin: ALL_PERMISSIONS,
  owner: ALL_PERMISSIONS,
};

export const ROLE_DESCRIPTIONS: Readonly<Record<Role, string>> = {
  owner: "Everything, including making other owners",
  admin: "Everything except making or removing owners",
  member: "Books GPUs; works with instances, configurations, webhooks, events and artifacts",
  viewer: "Looks, changes nothing",
};
