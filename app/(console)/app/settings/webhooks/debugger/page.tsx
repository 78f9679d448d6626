import type { Metadata } from "next";
import { DebuggerScreen } from "@/components/webhooks/debugger-screen";

export const metadata: Metadata = { title: "Signature debugger" };

export default function SignatureDebuggerPage() {
  return <DebuggerScreen />;
}
