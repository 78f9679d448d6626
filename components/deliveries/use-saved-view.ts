"use client";
import { useEffect, useRef } from "react";
import type { SavedView } from "@/lib/contracts/saved-views";
import { useListSavedViewsQuery } from "@/store/saved-views-api";
import { countClauses } from "./log-filter";
import { parseLogQuery, toLogQuery } from "./log-params";
import type { LogAddress } from "./use-log-filter";

const NONE: readonly SavedView[] = [];

/**
 * The project's saved views, and the one that the address names. An address that names a view and no filter shows what
 * the view holds; one that says more shows just that, so that a link means the same after the view has changed.
 */
export function useSavedView(projectId: string, { filter, viewId, openView }: LogAddress) {
  const { data, isError } = useListSavedViewsQuery({ projectId });
  const view = data?.find(({ id }) => id === viewId);
  const isEmpty = countClauses(filter) === 0;
  // Taking the last clause away again must not bring all of them back.
  const applied = useRef<string | null>(null);
  useEffect(() => {
    if (viewId === null) applied.current = null;
    if (view === undefined || applied.current === view.id) return;
    applied.current = view.id;
    if (isEmpty && view.query !== "") openView(view.id, parseLogQuery(view.query), "replace");
  }, [viewId, view, isEmpty, openView]);
  const shown = view === undefined ? "" : toLogQuery(parseLogQuery(view.query));
  return {
    views: data ?? NONE,
    view,
    /** The filter is no longer what the view holds. */
    isChanged: view !== undefined && shown !== toLogQuery(filter),
    /** The address names a view whose filter is not known yet. */
    isResolving: viewId !== null && isEmpty && data === undefined && !isError,
    /** The address names a view that is not there any more. */
    isMissing: viewId !== null && data !== undefined && view === undefined,
  };
}
