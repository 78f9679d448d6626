export const RESERVATIONS = "/app/reservations";

/** The page of a reservation. @param zone by whose clock it shows times; the reader's unless given */
export function reservationHref(id: string, zone?: string): string {
  const search = zone === undefined ? "" : `?${new URLSearchParams({ zone })}`;
  return `${RESERVATIONS}/${encodeURIComponent(id)}${search}`;
}
