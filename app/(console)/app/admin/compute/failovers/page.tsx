import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { FailoversScreen } from "@/components/failover/failovers-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Failovers" };

/** For everybody else there is no such page. The API decides again. */
export default async function FailoversPage() {
  const { isAdmin } = await requireUser("/app/admin/compute/failovers");
  if (!isAdmin) notFound();
  return <FailoversScreen />;
}
