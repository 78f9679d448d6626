import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AdminInstancesScreen } from "@/components/compute/admin-instances-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "All instances" };

/** For everybody else there is no such page. The API decides again. */
export default async function AllInstancesPage() {
  const { isAdmin } = await requireUser("/app/admin/compute/instances");
  if (!isAdmin) notFound();
  return <AdminInstancesScreen />;
}
