import type { Metadata } from "next";
import { DeploymentsScreen } from "@/components/configurations/deployments-screen";

export const metadata: Metadata = { title: "Deployments" };

export default function ConfigDeploymentsPage() {
  return <DeploymentsScreen />;
}
