import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { FleetScreen } from "@/components/fleet/fleet-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Fleet" };

/** For everybody else there is no such page. The API decides again. */
export default async function FleetPage() {
  const { isAdmin } = await requireUser("/app/admin/fleet");
  if (!isAdmin) notFound();
  return <FleetScreen />;
}
