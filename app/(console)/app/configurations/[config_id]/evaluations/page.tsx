import type { Metadata } from "next";
import { EvaluationsScreen } from "@/components/configurations/evaluations-screen";

export const metadata: Metadata = { title: "Evaluations" };

export default function ConfigEvaluationsPage() {
  return <EvaluationsScreen />;
}
