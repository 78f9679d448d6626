import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DrillPage } from "@/components/failover/drill-page";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Drill" };

/** For everybody else there is no such page. The API decides again. */
export default async function OneDrillPage({ params }: { params: Promise<{ drill_id: string }> }) {
  const { drill_id } = await params;
  const { isAdmin } = await requireUser(`/app/admin/compute/drills/${drill_id}`);
  if (!isAdmin) notFound();
  return <DrillPage key={drill_id} drillId={drill_id} />;
}
