import type { ConfigVersionDetail } from "@/lib/contracts/config-versions";
import { convertLaunchText, type TextFormat } from "@/lib/contracts/launch-text";

/** What is written and not committed yet. */
export type Draft = {
  source: string;
  format: TextFormat;
  /** The version that it was made from; 0: none. */
  base: number;
  /** What stood there before the format was switched, and what that became: switching back loses nothing. */
  former: { source: string; format: TextFormat; became: string } | null;
};

const STARTER = `# What boots where this configuration is deployed.
image: nvidia/cuda:12.9.0-base-ubuntu24.04
env: {}
ports: []
disk_gb: 64
start_script: |
  nvidia-smi
`;

/** The draft that the editor begins with: a version's text, or an example where there is none yet. */
export function draftOf(version: Pick<ConfigVersionDetail, "source" | "format"> | null, base: number): Draft {
  return { source: version?.source ?? STARTER, format: version?.format ?? "yaml", base, former: null };
}

/** Whether it is the example, of which nothing would be lost. */
export function isStarter({ source }: Draft): boolean {
  return source === STARTER;
}

/** The same in the other format; null when the text cannot be read. */
export function switchFormat(draft: Draft, format: TextFormat): Draft | null {
  if (draft.format === format) return draft;
  const { former } = draft;
  const restored = former?.format === format && former.became === draft.source ? former.source : null;
  const source = restored ?? convertLaunchText(draft.source, draft.format, format);
  if (source === null) return null;
  return { ...draft, source, format, former: { source: draft.source, format: draft.format, became: source } };
}

/** Drafts outlive a look at another page of the console, but not a reload; the browser asks before that. */
const kept = new Map<string, Draft>();

export function keptDraft(variantId: string): Draft | undefined {
  return kept.get(variantId);
}

export function keepDraft(variantId: string, draft: Draft | null): void {
  if (draft === null) kept.delete(variantId);
  else kept.set(variantId, draft);
}
