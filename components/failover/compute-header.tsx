"use client";
import type { ReactNode } from "react";
import { ComputeTabs } from "@/components/compute/compute-tabs";
import { PageHeader } from "@/components/ui/page-header";

/** The head of the pages about machines and the way between them. */
export function ComputeHeader({ actions }: { actions?: ReactNode }) {
  return (
    <>
      <PageHeader
        title="Compute"
        description="The machines behind the bookings: what works, what failed, and whether the guarantee holds."
        actions={actions}
      />
      <ComputeTabs />
    </>
  );
}
