import { ALL_PERMISSIONS, type Permission } from "@/lib/contracts/permissions";

export type ScopeGroup = { label: string; scopes: readonly Permission[] };

const GROUPS: readonly ScopeGroup[] = [
  { label: "Events", scopes: ["events:write", "events:read"] },
  { label: "Deliveries", scopes: ["deliveries:read", "deliveries:retry"] },
  { label: "Webhooks", scopes: ["webhooks:read", "webhooks:write"] },
  { label: "Test receiver", scopes: ["receiver:read", "receiver:manage"] },
  { label: "Project", scopes: ["project:read", "project:manage", "members:manage", "keys:manage"] },
];

/** With one of these a key can let in further keys or people, so that revoking the key alone does not undo what it did. */
const CAN_LET_IN: readonly Permission[] = ["members:manage", "keys:manage"];

export const PRESETS = ["emit", "read", "everything"] as const;
export type Preset = (typeof PRESETS)[number];

export const PRESET_LABELS: Readonly<Record<Preset, string>> = {
  emit: "Emit events",
  read: "Read only",
  everything: "Everything I may do",
};

/** The scopes that somebody with these permissions may give to a key, in groups; groups without any are left out. */
export function scopeGroups(permissions: readonly Permission[]): ScopeGroup[] {
  return GROUPS.map(({ label, scopes }) => ({
    label,
    scopes: scopes.filter((scope) => permissions.includes(scope)),
  })).filter(({ scopes }) => scopes.length > 0);
}

/** The scopes of a preset, as far as the person may give them. */
export function presetScopes(preset: Preset, permissions: readonly Permission[]): Permission[] {
  return permissions.filter((permission) => {
    if (preset === "emit") return permission === "events:write";
    return preset === "everything" || permission.endsWith(":read");
  });
}

/** The preset that these scopes are; null for a choice of one's own. */
export function presetOf(scopes: readonly Permission[], permissions: readonly Permission[]): Preset | null {
  return PRESETS.find((preset) => isSame(scopes, presetScopes(preset, permissions))) ?? null;
}

/** Scopes in a few words: what they amount to, or how many there are. */
export function scopeSummary(scopes: readonly Permission[]): string {
  if (scopes.length === 0) return "Nothing";
  if (isSame(scopes, ALL_PERMISSIONS)) return "Everything";
  const preset = presetOf(scopes, ALL_PERMISSIONS);
  if (preset !== null) return PRESET_LABELS[preset];
  return scopes.length === 1 ? String(scopes[0]) : `${scopes.length} scopes`;
}

export function canLetIn(scopes: readonly Permission[]): boolean {
  return scopes.some((scope) => CAN_LET_IN.includes(scope));
}

function isSame(some: readonly Permission[], others: readonly Permission[]): boolean {
  return some.length > 0 && some.length === others.length && some.every((scope) => others.includes(scope));
}
