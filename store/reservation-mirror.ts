import type { Bar } from "@/lib/contracts/calendar";
import type { Reservation } from "@/lib/contracts/reservations";

/**
 * The newer of two copies of a reservation. Its version decides; of the same version the one in which more has been
 * used up. Whose it is does not change, and a copy that came by the stream was made for nobody in particular.
 */
export function newerReservation<R extends Reservation>(held: R, received: Reservation): R {
  const newer =
    received.version > held.version ||
    (received.version === held.version && received.captured_micros >= held.captured_micros);
  return newer ? { ...held, ...received, mine: held.mine } : held;
}

/** What a change asks of one reservation's place in time. */
export type BarChange = {
  starts_at?: string | undefined;
  ends_at?: string | undefined;
  gpu_count?: number | undefined;
  title?: string | undefined;
  pool_id?: string | undefined;
};

/**
 * Shows a change before the server has agreed. Only what one bar can tell: a reservation of several parts waits for the
 * answer. Changes the bars in place.
 */
export function changeBars(bars: Bar[], reservationId: string, change: BarChange): void {
  const own = bars.filter((bar) => bar.reservation_id === reservationId);
  const [bar] = own;
  if (!bar || own.length > 1) return;
  if (change.starts_at !== undefined) bar.starts_at = change.starts_at;
  if (change.ends_at !== undefined) bar.ends_at = change.ends_at;
  if (change.gpu_count !== undefined) bar.gpu_count = change.gpu_count;
  if (change.title !== undefined) bar.title = change.title;
  if (change.pool_id !== undefined) bar.pool_id = change.pool_id;
}

/** Takes a cancelled reservation off the calendar. Changes the bars in place. */
export function removeBars(bars: Bar[], reservationId: string): void {
  for (let i = bars.length - 1; i >= 0; i -= 1) {
    if (bars[i]?.reservation_id === reservationId) bars.splice(i, 1);
  }
}
