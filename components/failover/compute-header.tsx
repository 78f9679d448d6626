"use client";
import type { ReactNode } from "react";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { COMPUTE, DRILLS, FAILOVERS } from "./links";

const TABS = [
  { href: COMPUTE, label: "Health", exact: true },
  { href: FAILOVERS, label: "Failovers" },
  { href: DRILLS, label: "Drills" },
  { href: `${COMPUTE}/instances`, label: "Instances" },
  { href: `${COMPUTE}/provisioners`, label: "Provisioners" },
];

/** The head of the pages about machines and the way between them. */
export function ComputeHeader({ actions }: { actions?: ReactNode }) {
  return (
    <>
      <PageHeader
        title="Compute"
        description="The machines behind the bookings: what works, what failed, and whether the guarantee holds."
        actions={actions}
      />
      <LinkTabs label="Compute" items={TABS} />
    </>
  );
}
