import type { Metadata } from "next";
import { NewSeries } from "@/components/reservations/series/new-series";

export const metadata: Metadata = { title: "Repeat a booking" };

export default function NewSeriesPage() {
  return <NewSeries />;
}
