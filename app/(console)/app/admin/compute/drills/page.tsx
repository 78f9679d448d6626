import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DrillsScreen } from "@/components/failover/drills-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Drills" };

/** For everybody else there is no such page. The API decides again. */
export default async function DrillsPage() {
  const { isAdmin } = await requireUser("/app/admin/compute/drills");
  if (!isAdmin) notFound();
  return <DrillsScreen />;
}
