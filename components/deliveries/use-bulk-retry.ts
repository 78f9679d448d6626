"use client";
import { useRef, useState } from "react";
import { DELIVERY_LOG_LIMITS, type RetryResult, type RetrySkip } from "@/lib/contracts/delivery-log";
import { describeError, type ErrorText, isApiError } from "@/store/api-error";
import { useRetryDeliveriesMutation } from "@/store/delivery-log-api";
import { toQuery } from "@/store/delivery-mirror";
import type { Selection } from "./selection";

export type BulkProgress = {
  /** Answered for, whether queued or skipped. */
  done: number;
  queued: number;
  skipped: ReadonlyMap<RetrySkip, number>;
};

export type BulkState =
  | { kind: "asking" }
  | { kind: "running"; progress: BulkProgress }
  | { kind: "ended"; progress: BulkProgress; how: "all" | "stopped" }
  | { kind: "broken"; progress: BulkProgress; error: ErrorText };

const NO_PROGRESS: BulkProgress = { done: 0, queued: 0, skipped: new Map() };

/** Queues the chosen deliveries again, part by part: can be stopped between parts, and goes on where it broke. */
export function useBulkRetry(projectId: string, selection: Selection) {
  const [mutate] = useRetryDeliveriesMutation();
  const [state, setState] = useState<BulkState>({ kind: "asking" });
  const stopped = useRef(false);
  /** Where to go on: the next ids, or the cursor within what matches; null once all is done. */
  const rest = useRef<Rest>(restOf(selection));

  const run = async () => {
    stopped.current = false;
    let progress = state.kind === "broken" ? state.progress : NO_PROGRESS;
    setState({ kind: "running", progress });
    try {
      while (rest.current !== null && !stopped.current) {
        const part = rest.current;
        const result = await mutate({ projectId, body: bodyOf(part) }).unwrap();
        rest.current = after(part, result);
        progress = counted(progress, result);
        setState({ kind: "running", progress });
      }
      setState({ kind: "ended", progress, how: rest.current === null ? "all" : "stopped" });
    } catch (error) {
      setState({ kind: "broken", progress, error: describeError(isApiError(error) ? error : undefined) });
    }
  };
  const stop = () => {
    stopped.current = true;
  };
  return { state, run: () => void run(), stop };
}

type Rest = { ids: readonly string[] } | { matching: NonNullable<Selection["matching"]>; cursor: string | null } | null;

function restOf({ ids, matching }: Selection): Rest {
  return matching === null ? { ids: [...ids] } : { matching, cursor: null };
}

function bodyOf(rest: NonNullable<Rest>) {
  if ("ids" in rest) return { delivery_ids: rest.ids.slice(0, DELIVERY_LOG_LIMITS.per_retry) };
  return { filter: toQuery(rest.matching.filter), ...(rest.cursor === null ? {} : { cursor: rest.cursor }) };
}

function after(rest: NonNullable<Rest>, { next_cursor }: RetryResult): Rest {
  if ("ids" in rest) {
    const ids = rest.ids.slice(DELIVERY_LOG_LIMITS.per_retry);
    return ids.length === 0 ? null : { ids };
  }
  return next_cursor === null ? null : { ...rest, cursor: next_cursor };
}

function counted(progress: BulkProgress, { queued, skipped }: RetryResult): BulkProgress {
  const reasons = new Map(progress.skipped);
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return {
    done: progress.done + queued + skipped.length,
    queued: progress.queued + queued,
    skipped: reasons,
  };
}
