"use client";
import { skipToken } from "@reduxjs/toolkit/query/react";
import { useMemo } from "react";
import { useDebounced } from "@/components/ui/use-debounced";
import type { previewFilter } from "@/lib/contracts/filter-preview";
import type { BodyInput } from "@/lib/contracts/operation";
import { usePreviewFilterQuery } from "@/store/filter-preview-api";

/** How long the form has to rest before it is asked again, in ms. */
const REST_MS = 400;

type Body = BodyInput<typeof previewFilter>;

/**
 * The dry run of a form that is being edited.
 * @param body null: not now; what was last told stays
 */
export function useFilterPreview(projectId: string, body: Body | null) {
  // As text, which stays the same as long as what it says does.
  const wanted = body === null ? null : JSON.stringify(body);
  const settled = useDebounced(wanted, REST_MS);
  const arg = useMemo(
    () => (settled === null ? skipToken : { projectId, body: JSON.parse(settled) as Body }),
    [projectId, settled],
  );
  const { data, error, isFetching, refetch } = usePreviewFilterQuery(arg, {
    refetchOnMountOrArgChange: true,
  });
  return {
    preview: data,
    error: isFetching ? undefined : error,
    /** What is shown belongs to an earlier state of the form. */
    updating: isFetching || wanted !== settled,
    update: () => {
      if (arg !== skipToken) void refetch();
    },
  };
}
