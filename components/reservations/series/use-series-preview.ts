"use client";
import { useMemo } from "react";
import { useDebounced } from "@/components/ui/use-debounced";
import type { SeriesPreview } from "@/lib/contracts/series";
import type { describeError } from "@/store/api-error";
import { type SeriesInput, usePreviewSeriesQuery } from "@/store/series-api";

export type Previewing = {
  /** Of what is typed at this moment; undefined while it is worked out anew. */
  preview: SeriesPreview | undefined;
  error: Parameters<typeof describeError>[0];
  isAsking: boolean;
  again: () => void;
};

/** Looking at up to 60 bookings takes the server a moment, so it waits until typing has paused. */
const PAUSE_MS = 500;

const NOTHING: SeriesInput = {
  template: { gpu_count: 1, starts_at: "", ends_at: "" },
  rule: { frequency: "daily" },
};

/** What the series would be, asked of the server, which books by the same steps. @param body null: not clear yet */
export function useSeriesPreview(projectId: string, body: SeriesInput | null): Previewing {
  const text = body === null ? null : JSON.stringify(body);
  const settled = useDebounced(text, PAUSE_MS);
  const asked = useMemo(() => (settled === null ? NOTHING : (JSON.parse(settled) as SeriesInput)), [settled]);
  const { currentData, error, isFetching, refetch } = usePreviewSeriesQuery(
    { projectId, body: asked },
    { skip: settled === null, refetchOnMountOrArgChange: true },
  );
  const isCurrent = text !== null && settled === text;
  const isAsking = text !== null && (!isCurrent || isFetching);
  return {
    preview: isCurrent && !isFetching ? currentData : undefined,
    error: isCurrent && !isFetching ? error : undefined,
    isAsking,
    again: () => void refetch(),
  };
}
