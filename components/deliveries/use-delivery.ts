"use client";
import { useProject } from "@/components/shell/project-context";
import { useGetDeliveryQuery } from "@/store/deliveries-api";
import { useAppSelector } from "@/store/hooks";
import { selectLiveStatus } from "@/store/live-slice";

/** While the live stream is being opened again, an open delivery is asked for this often, in ms. */
const POLL_MS = 5000;

/** A delivery with its attempts, kept right by the live stream. */
export function useDelivery(deliveryId: string) {
  const { project } = useProject();
  const isCut = useAppSelector(selectLiveStatus) === "reconnecting";
  const query = useGetDeliveryQuery(
    { projectId: project.id, deliveryId },
    { pollingInterval: isCut ? POLL_MS : 0, skipPollingIfUnfocused: false },
  );
  return {
    delivery: query.currentData,
    /** Only while there is nothing to show: what was read stays on screen when reading it again fails. */
    error: query.currentData === undefined && query.isError && !query.isFetching ? query.error : undefined,
    retry: () => void query.refetch(),
  };
}
