import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { MaintenanceScreen } from "@/components/fleet/maintenance-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Maintenance" };

/** For everybody else there is no such page. The API decides again. */
export default async function MaintenancePage() {
  const { isAdmin } = await requireUser("/app/admin/fleet/maintenance");
  if (!isAdmin) notFound();
  return <MaintenanceScreen />;
}
