import type { Metadata } from "next";
import { ConfigurationsScreen } from "@/components/configurations/configurations-screen";

export const metadata: Metadata = { title: "Configurations" };

export default function ConfigurationsPage() {
  return <ConfigurationsScreen />;
}
