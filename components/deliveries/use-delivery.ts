"use client";
import { useProject } from "@/components/shell/project-context";
import { useGetDeliveryQuery } from "@/store/deliveries-api";
import { useAppSelector } from "@/store/hooks";
import { selectLiveStatus } from "@/store/live-slice";

/**
 * How often an open delivery is asked for, in ms, while the live stream is being opened again, and while it waits for
 * something else: another delivery or its webhook changes then, which the stream tells nobody of this one.
 */
const POLL_MS = 5000;

/** A delivery with its attempts, kept right by the live stream. */
export function useDelivery(deliveryId: string) {
  const { project } = useProject();
  const isCut = useAppSelector(selectLiveStatus) === "reconnecting";
  const arg = { projectId: project.id, deliveryId };
  const { isWaiting } = useGetDeliveryQuery(arg, {
    selectFromResult: ({ currentData }) => ({ isWaiting: currentData !== undefined && currentData.waiting !== null }),
  });
  const query = useGetDeliveryQuery(arg, {
    pollingInterval: isCut || isWaiting ? POLL_MS : 0,
    skipPollingIfUnfocused: !isCut,
  });
  return {
    delivery: query.currentData,
    /** Only while there is nothing to show: what was read stays on screen when reading it again fails. */
    error: query.currentData === undefined && query.isError && !query.isFetching ? query.error : undefined,
    retry: () => void query.refetch(),
  };
}
