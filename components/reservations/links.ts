export const RESERVATIONS = "/app/reservations";

export function reservationHref(id: string): string {
  return `${RESERVATIONS}/${encodeURIComponent(id)}`;
}
