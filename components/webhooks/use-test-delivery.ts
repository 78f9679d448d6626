"use client";
import type { Attempt, Delivery } from "@/lib/contracts/deliveries";
import type { EventSource } from "@/lib/contracts/events";
import { deliveriesApi } from "@/store/deliveries-api";
import { useAppSelector } from "@/store/hooks";
import { selectLiveStatus, selectSeen } from "@/store/live-slice";

/** How often, in ms, an unfinished delivery is asked for: often without the live stream, as a backstop with it. */
const POLL_MS = { live: 5000, otherwise: 1500 };
const FORGED: EventSource = "forged_test";
const NO_ATTEMPTS: readonly Attempt[] = [];

/** A delivery followed to its end: by the live stream, and by asking when that is down. */
export function useTestDelivery(projectId: string, deliveryId: string) {
  const arg = { projectId, deliveryId };
  const live = useAppSelector((state) => selectLiveStatus(state) === "live");
  const seen = useAppSelector((state) => selectSeen(state)[deliveryId]);
  const { currentData: read, error, isFetching } = deliveriesApi.endpoints.getDelivery.useQueryState(arg);
  // The stream's copy can be newer than the last answer, and the other way round.
  const delivery: Delivery | undefined = seen && (!read || seen.revision > read.revision) ? seen : read;
  const { refetch } = deliveriesApi.endpoints.getDelivery.useQuerySubscription(arg, {
    skipPollingIfUnfocused: true,
    pollingInterval: delivery && isOver(delivery) ? 0 : live ? POLL_MS.live : POLL_MS.otherwise,
  });
  return {
    delivery,
    attempts: read?.attempts ?? NO_ATTEMPTS,
    /** It is signed with a key that nobody has. */
    forged: read?.event.source === FORGED,
    error,
    retry: refetch,
    retrying: isFetching,
  };
}

function isOver({ status }: Delivery): boolean {
  return status === "delivered" || status === "failed" || status === "cancelled";
}
