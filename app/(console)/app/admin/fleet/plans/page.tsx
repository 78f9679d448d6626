import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PlansScreen } from "@/components/fleet/plans-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Project plans" };

/** For everybody else there is no such page. The API decides again. */
export default async function PlansPage() {
  const { isAdmin } = await requireUser("/app/admin/fleet/plans");
  if (!isAdmin) notFound();
  return <PlansScreen />;
}
