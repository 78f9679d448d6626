"use client";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PROCESSORS, WORKFLOWS } from "./links";

export function WorkflowTabs() {
  return (
    <LinkTabs
      label="Workflows"
      items={[
        { href: WORKFLOWS, label: "Workflows", exact: true },
        { href: PROCESSORS, label: "Processors" },
      ]}
    />
  );
}
