import type { Metadata } from "next";
import { SeriesList } from "@/components/reservations/series/series-list";

export const metadata: Metadata = { title: "Series" };

export default function SeriesListPage() {
  return <SeriesList />;
}
