import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { FaultsScreen } from "@/components/compute/faults-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Faults" };

/** For everybody else there is no such page. The API decides again. */
export default async function FaultsPage() {
  const { isAdmin } = await requireUser("/app/admin/compute/faults");
  if (!isAdmin) notFound();
  return <FaultsScreen />;
}
