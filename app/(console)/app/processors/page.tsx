import type { Metadata } from "next";
import { ProcessorsScreen } from "@/components/workflows/processors-screen";

export const metadata: Metadata = { title: "Processors" };

export default function ProcessorsPage() {
  return <ProcessorsScreen />;
}
