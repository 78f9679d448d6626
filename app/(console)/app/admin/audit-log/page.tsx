import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { InstallationAuditScreen } from "@/components/audit-log/audit-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Installation log" };

/** For everybody else there is no such page. The API decides again. */
export default async function InstallationLogPage() {
  const { isAdmin } = await requireUser("/app/admin/audit-log");
  if (!isAdmin) notFound();
  return <InstallationAuditScreen />;
}
