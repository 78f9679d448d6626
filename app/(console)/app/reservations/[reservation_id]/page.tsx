import type { Metadata } from "next";
import { ReservationPage } from "@/components/reservations/reservation-page";

export const metadata: Metadata = { title: "Reservation" };

export default async function OneReservationPage({ params }: { params: Promise<{ reservation_id: string }> }) {
  const { reservation_id } = await params;
  return <ReservationPage key={reservation_id} reservationId={reservation_id} />;
}
