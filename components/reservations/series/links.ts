import { RESERVATIONS } from "../links";

export const SERIES = `${RESERVATIONS}/series`;

export function seriesHref(id: string): string {
  return `${SERIES}/${encodeURIComponent(id)}`;
}

/** The form for a new series, filled in. Times are ISO 8601. */
export function newSeriesHref(
  filled: { poolId?: string; gpuCount?: number; startsAt?: string; endsAt?: string } = {},
): string {
  const search = new URLSearchParams();
  if (filled.poolId !== undefined) search.set("pool_id", filled.poolId);
  if (filled.gpuCount !== undefined) search.set("gpu_count", String(filled.gpuCount));
  if (filled.startsAt !== undefined) search.set("starts_at", filled.startsAt);
  if (filled.endsAt !== undefined) search.set("ends_at", filled.endsAt);
  return search.size === 0 ? `${SERIES}/new` : `${SERIES}/new?${search}`;
}
