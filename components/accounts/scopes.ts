import { ALL_PERMISSIONS, ALL_SCOPES, ROLE_PERMISSIONS, type Scope } from "@/lib/contracts/permissions";

export type ScopeGroup = { label: string; scopes: readonly Scope[] };

const GROUPS: readonly ScopeGroup[] = [
  { label: "Events", scopes: ["events:write", "events:read"] },
  { label: "Deliveries", scopes: ["deliveries:read", "deliveries:retry"] },
  { label: "Webhooks", scopes: ["webhooks:read", "webhooks:write"] },
  { label: "Reservations", scopes: ["reservations:read", "reservations:write"] },
  { label: "Instances", scopes: ["instances:read", "instances:write"] },
  { label: "Configurations", scopes: ["configs:read", "configs:write"] },
  { label: "Workflows", scopes: ["artifacts:read", "artifacts:write"] },
  { label: "Credits and costs", scopes: ["credits:read", "costs:read", "costs:manage"] },
  { label: "Test receiver", scopes: ["receiver:read", "receiver:manage"] },
  { label: "Project", scopes: ["project:read", "project:manage", "members:manage", "keys:manage", "audit:read"] },
  { label: "Installation", scopes: ["admin"] },
];

/** With one of these a key can let in further keys or people, so that revoking the key alone does not undo what it did. */
const CAN_LET_IN: readonly Scope[] = ["members:manage", "keys:manage"];

/** What viewers may: the audit log is not part of it, for it tells from where people work. */
const READ_ONLY: readonly Scope[] = ROLE_PERMISSIONS.viewer;

export const PRESETS = ["emit", "read", "everything"] as const;
export type Preset = (typeof PRESETS)[number];

export const PRESET_LABELS: Readonly<Record<Preset, string>> = {
  emit: "Emit events",
  read: "Read only",
  everything: "Everything I may do",
};

/** The scopes that somebody with these permissions may give to a key, in groups; groups without any are left out. */
export function scopeGroups(permissions: readonly Scope[]): ScopeGroup[] {
  return GROUPS.map(({ label, scopes }) => ({
    label,
    scopes: scopes.filter((scope) => permissions.includes(scope)),
  })).filter(({ scopes }) => scopes.length > 0);
}

/** The scopes of a preset, as far as the person may give them. */
export function presetScopes(preset: Preset, permissions: readonly Scope[]): Scope[] {
  return permissions.filter((permission) => {
    // To run the installation is never part of a choice that is about a project.
    if (permission === "admin") return false;
    if (preset === "emit") return permission === "events:write";
    return preset === "everything" || READ_ONLY.includes(permission);
  });
}

/** The preset that these scopes are; null for a choice of one's own. */
export function presetOf(scopes: readonly Scope[], permissions: readonly Scope[]): Preset | null {
  return PRESETS.find((preset) => isSame(scopes, presetScopes(preset, permissions))) ?? null;
}

/** Scopes in a few words: what they amount to, or how many there are. */
export function scopeSummary(scopes: readonly Scope[]): string {
  if (scopes.length === 0) return "Nothing";
  if (isSame(scopes, ALL_PERMISSIONS)) return "Everything";
  if (isSame(scopes, ALL_SCOPES)) return "Everything, and the installation";
  const preset = presetOf(scopes, ALL_PERMISSIONS);
  if (preset !== null) return PRESET_LABELS[preset];
  return scopes.length === 1 ? String(scopes[0]) : `${scopes.length} scopes`;
}

export function canLetIn(scopes: readonly Scope[]): boolean {
  return scopes.some((scope) => CAN_LET_IN.includes(scope));
}

function isSame(some: readonly Scope[], others: readonly Scope[]): boolean {
  return some.length > 0 && some.length === others.length && some.every((scope) => others.includes(scope));
}
