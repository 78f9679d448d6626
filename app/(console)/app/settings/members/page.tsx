import type { Metadata } from "next";
import { MembersScreen } from "@/components/accounts/members-screen";

export const metadata: Metadata = { title: "Members" };

export default function MembersPage() {
  return <MembersScreen />;
}
