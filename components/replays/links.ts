import type { ReplayKind } from "@/lib/contracts/replays";

export const REPLAYS = "/app/replays";

export function replayHref(id: string): string {
  return `${REPLAYS}/${encodeURIComponent(id)}`;
}

/** The form for a new replay, filled in. Several webhooks or types are separated by commas. */
export function newReplayHref(filled: {
  kind?: ReplayKind;
  webhook_ids?: string;
  event_types?: string;
  range?: string;
  from?: string;
  to?: string;
}): string {
  const search = new URLSearchParams(filled).toString();
  return search === "" ? `${REPLAYS}/new` : `${REPLAYS}/new?${search}`;
}

/** The log with the deliveries that the replay sent last. */
export function replayDeliveriesHref(id: string, status?: string): string {
  return `/app/deliveries?${new URLSearchParams({ replay_id: id, ...(status === undefined ? {} : { status }) })}`;
}
