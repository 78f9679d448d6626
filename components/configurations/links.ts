export const CONFIGURATIONS = "/app/configurations";

export function configHref(configId: string): string {
  return `${CONFIGURATIONS}/${encodeURIComponent(configId)}`;
}

/** The editor of a variant; with a version, that version's text as the draft. */
export function editorHref(configId: string, search: { variant: string; from?: string }): string {
  return `${configHref(configId)}/editor?${new URLSearchParams(search)}`;
}

export function compareHref(configId: string, search: { from: string; to: string }): string {
  return `${configHref(configId)}/compare?${new URLSearchParams(search)}`;
}
