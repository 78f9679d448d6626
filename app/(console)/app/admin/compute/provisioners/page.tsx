import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ProvisionersScreen } from "@/components/provisioners/provisioners-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Provisioners" };

/** For everybody else there is no such page. The API decides again. */
export default async function ProvisionersPage() {
  const { isAdmin } = await requireUser("/app/admin/compute/provisioners");
  if (!isAdmin) notFound();
  return <ProvisionersScreen />;
}
