"use client";
import { useDebounced } from "@/components/ui/use-debounced";
import type { ReservationPreview } from "@/lib/contracts/reservations";
import { type ApiError, isApiError } from "@/store/api-error";
import {
  type CancelInput,
  type ReleaseInput,
  type UpdateReservationInput,
  usePreviewCancelReservationQuery,
  usePreviewReleasePartQuery,
  usePreviewUpdateReservationQuery,
} from "@/store/reservations-api";

const PAUSE_MS = 350;

type One = { projectId: string; reservationId: string };

export type Preview = {
  /** Of exactly what is in the form; undefined while it is asked for. */
  preview: ReservationPreview | undefined;
  error: ApiError | undefined;
  hasFailed: boolean;
  isAsking: boolean;
  again: () => void;
};

/** What a change would do; asked whenever it has stayed the same for a moment. null asks for nothing. */
export function useUpdatePreview(one: One, body: UpdateReservationInput | null): Preview {
  const { key, settled, isSettled } = useSettled(body);
  const query = usePreviewUpdateReservationQuery(
    { ...one, body: settled ?? { version: 1 } },
    { skip: settled === null, refetchOnMountOrArgChange: true },
  );
  return toPreview(query, { key, isSettled });
}

/** What giving a part back would do. */
export function useReleasePreview(one: One, body: ReleaseInput | null): Preview {
  const { key, settled, isSettled } = useSettled(body);
  const query = usePreviewReleasePartQuery(
    { ...one, body: settled ?? { version: 1, starts_at: "", ends_at: "", gpu_count: 1 } },
    { skip: settled === null, refetchOnMountOrArgChange: true },
  );
  return toPreview(query, { key, isSettled });
}

/** What cancelling would do now. */
export function useCancelPreview(one: One, body: CancelInput): Preview {
  const query = usePreviewCancelReservationQuery({ ...one, body }, { refetchOnMountOrArgChange: true });
  return toPreview(query, { key: "", isSettled: true });
}

function useSettled<B extends object>(body: B | null) {
  const key = body === null ? null : JSON.stringify(body);
  const text = useDebounced(key, PAUSE_MS);
  return { key, settled: text === null ? null : (JSON.parse(text) as B), isSettled: text === key };
}

type Query = {
  currentData?: ReservationPreview | undefined;
  error?: unknown;
  isFetching: boolean;
  isError: boolean;
  refetch: () => unknown;
};

function toPreview(query: Query, { key, isSettled }: { key: string | null; isSettled: boolean }): Preview {
  const isAsked = key !== null && isSettled && !query.isFetching;
  const hasFailed = isAsked && query.isError;
  return {
    preview: isAsked && !hasFailed ? query.currentData : undefined,
    error: hasFailed && isApiError(query.error) ? query.error : undefined,
    hasFailed,
    isAsking: key !== null && (!isSettled || query.isFetching),
    again: () => void query.refetch(),
  };
}
