import type { Metadata } from "next";
import { WaitlistPage } from "@/components/reservations/waitlist/waitlist-page";

export const metadata: Metadata = { title: "Waiting list" };

export default function WaitingListPage() {
  return <WaitlistPage />;
}
