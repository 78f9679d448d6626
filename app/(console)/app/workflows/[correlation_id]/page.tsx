import type { Metadata } from "next";
import { WorkflowPage } from "@/components/workflows/workflow-page";

export const metadata: Metadata = { title: "Workflow" };

export default async function OneWorkflowPage({ params }: { params: Promise<{ correlation_id: string }> }) {
  const correlationId = decodeURIComponent((await params).correlation_id);
  return <WorkflowPage key={correlationId} correlationId={correlationId} />;
}
