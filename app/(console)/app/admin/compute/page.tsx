import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { HealthScreen } from "@/components/failover/health-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Compute" };

/** For everybody else there is no such page. The API decides again. */
export default async function HealthPage() {
  const { isAdmin } = await requireUser("/app/admin/compute");
  if (!isAdmin) notFound();
  return <HealthScreen />;
}
