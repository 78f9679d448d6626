export const INSTANCES = "/app/instances";

/** The page of an instance. */
export function instanceHref(id: string): string {
  return `${INSTANCES}/${encodeURIComponent(id)}`;
}

/** The list, narrowed to the instances of a reservation. */
export function instancesOfHref(reservationId: string): string {
  return `${INSTANCES}?${new URLSearchParams({ reservation_id: reservationId })}`;
}
