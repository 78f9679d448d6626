"use client";
import { Card } from "@/components/ui/card";

export type ReservationListProps = {
  /** The IANA zone in which times are shown; the one that the reader chose for the console unless given. */
  zone?: string | undefined;
  /** Opens the form for a new reservation, which the page around the list owns. */
  onBook?: (() => void) | undefined;
};

/** The project's reservations as a table, newest first; its filters live in the URL. */
export function ReservationList(_props: ReservationListProps) {
  return <Card />;
}
