import type { Metadata } from "next";
import { InstancePage } from "@/components/instances/instance-page";

export const metadata: Metadata = { title: "Instance" };

export default async function OneInstancePage({ params }: { params: Promise<{ instance_id: string }> }) {
  const { instance_id } = await params;
  return <InstancePage key={instance_id} instanceId={instance_id} />;
}
