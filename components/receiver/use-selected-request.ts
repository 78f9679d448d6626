import { useEffect, useState } from "react";
import type { ReceiverRequest } from "@/lib/contracts/receiver";
import type { useReceiverLog } from "@/store/use-receiver-log";

/**
 * The request with this id, wherever in the list it is: pages are read until it is found. Once shown it stays, also
 * when newer ones have pushed it out of what is kept.
 */
export function useSelectedRequest(log: ReturnType<typeof useReceiverLog>, id: string | null) {
  const [held, setHeld] = useState<ReceiverRequest>();
  const listed = id === null ? undefined : log.requests.find((request) => request.id === id);
  if (listed && listed !== held) setHeld(listed);
  const request = listed ?? (held?.id === id ? held : undefined);

  const { hasMore, isLoadingMore, loadMore, error } = log;
  const searching = id !== null && !request && hasMore && !error;
  useEffect(() => {
    if (searching && !isLoadingMore) loadMore();
  }, [searching, isLoadingMore, loadMore]);

  return { request, isSearching: id !== null && !request && (log.isLoading || searching) };
}
