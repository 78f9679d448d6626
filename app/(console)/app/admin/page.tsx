import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AdminScreen } from "@/components/admin/admin-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Installation" };

/** For everybody else there is no such page. The API decides again. */
export default async function AdminPage() {
  const { isAdmin } = await requireUser("/app/admin");
  if (!isAdmin) notFound();
  return <AdminScreen />;
}
