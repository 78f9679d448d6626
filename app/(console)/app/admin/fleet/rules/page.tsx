import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PolicyScreen } from "@/components/fleet/policy-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Booking rules" };

/** For everybody else there is no such page. The API decides again. */
export default async function RulesPage() {
  const { isAdmin } = await requireUser("/app/admin/fleet/rules");
  if (!isAdmin) notFound();
  return <PolicyScreen />;
}
