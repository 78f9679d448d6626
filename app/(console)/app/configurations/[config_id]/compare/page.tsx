import type { Metadata } from "next";
import { CompareScreen } from "@/components/configurations/compare-screen";

export const metadata: Metadata = { title: "Compare versions" };

export default function ConfigComparePage() {
  return <CompareScreen />;
}
