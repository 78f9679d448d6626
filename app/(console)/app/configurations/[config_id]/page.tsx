import type { Metadata } from "next";
import { VersionsScreen } from "@/components/configurations/versions-screen";

export const metadata: Metadata = { title: "Versions" };

export default function ConfigVersionsPage() {
  return <VersionsScreen />;
}
