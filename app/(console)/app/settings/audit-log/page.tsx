import type { Metadata } from "next";
import { AuditScreen } from "@/components/audit-log/audit-screen";

export const metadata: Metadata = { title: "Audit log" };

export default function AuditLogPage() {
  return <AuditScreen />;
}
