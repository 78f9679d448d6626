"use client";
import { CountdownWords } from "@/components/deliveries/next-attempt";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Reservation } from "@/lib/contracts/reservations";

/** What happens to a reservation next, counting down; of one that is over, when that was. */
export function ReservationClock({ reservation }: { reservation: Reservation }) {
  const { status, starts_at, ends_at, hold_expires_at, ended_at, updated_at } = reservation;
  if (status === "held" && hold_expires_at !== null) {
    return (
      <span role="timer">
        Runs out unless confirmed <CountdownWords at={hold_expires_at} />
      </span>
    );
  }
  if (status === "held" || status === "confirmed") {
    return (
      <span role="timer">
        Starts <CountdownWords at={starts_at} />
      </span>
    );
  }
  if (status === "active") {
    return (
      <span role="timer">
        Ends <CountdownWords at={ends_at} />
      </span>
    );
  }
  return (
    <span>
      Over since <RelativeTime value={ended_at ?? updated_at} />
    </span>
  );
}
