"use client";
import { REPLAY_KINDS, type ReplayKind, type ReplayPreview } from "@/lib/contracts/replays";
import type { describeError } from "@/store/api-error";
import { usePreviewReplayQuery } from "@/store/replays-api";
import type { ScopeOf } from "./use-replay-form";

/** A count that is not there yet has neither. While it is counted anew, the old one is not shown. */
export type Counting = { preview: ReplayPreview | undefined; error: Parameters<typeof describeError>[0] };

/** The exact counts of all kinds for one scope, side by side. */
export function usePreviews(projectId: string, scopeOf: ScopeOf | null): Record<ReplayKind, Counting> {
  const [failed, missing, whileDisabled] = REPLAY_KINDS.map((kind) => scopeOf?.(kind));
  return {
    failed: useCounting(projectId, failed),
    missing: useCounting(projectId, missing),
    while_disabled: useCounting(projectId, whileDisabled),
  };
}

const NOTHING = { kind: "failed" as const, from: "", to: "" };

function useCounting(projectId: string, scope: ReturnType<ScopeOf> | undefined): Counting {
  const { currentData, error, isFetching } = usePreviewReplayQuery(
    { projectId, scope: scope ?? NOTHING },
    { skip: scope === undefined, refetchOnMountOrArgChange: true },
  );
  return isFetching ? { preview: undefined, error: undefined } : { preview: currentData, error };
}
