import type { Metadata } from "next";
import { ReceiverScreen } from "@/components/receiver/receiver-screen";

export const metadata: Metadata = { title: "Test receiver" };

export default function ReceiverPage() {
  return <ReceiverScreen />;
}
