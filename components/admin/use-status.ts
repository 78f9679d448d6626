import { useGetAdminStatusQuery } from "@/store/admin-api";

/** How often, in ms, workers and queue are looked at while the page is open. */
const POLL_MS = 5_000;

/** Workers and queue, kept fresh; asked once however many cards show it. */
export function useStatus() {
  return useGetAdminStatusQuery(undefined, { pollingInterval: POLL_MS, skipPollingIfUnfocused: true });
}
