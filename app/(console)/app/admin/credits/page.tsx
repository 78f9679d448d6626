import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AdminCreditsScreen } from "@/components/credits/admin-credits-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Credits of all projects" };

/** For everybody else there is no such page. The API decides again. */
export default async function AdminCreditsPage() {
  const { isAdmin } = await requireUser("/app/admin/credits");
  if (!isAdmin) notFound();
  return <AdminCreditsScreen />;
}
