import type { Metadata } from "next";
import { SeriesPage } from "@/components/reservations/series/series-page";

export const metadata: Metadata = { title: "Series" };

export default async function OneSeriesPage({ params }: { params: Promise<{ series_id: string }> }) {
  const { series_id } = await params;
  return <SeriesPage key={series_id} seriesId={series_id} />;
}
