import { RESERVATIONS } from "@/components/reservations/links";

export const CREDITS = "/app/credits";

/** The ledger with only the lines of a grant. */
export function grantLinesHref(grantId: string): string {
  return `${CREDITS}?grant_id=${encodeURIComponent(grantId)}#ledger`;
}

/** The booking search for what can be booked before a moment. */
export function bookBeforeHref(until: string): string {
  return `${RESERVATIONS}?new=1&until=${encodeURIComponent(until)}`;
}
