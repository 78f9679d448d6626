"use client";
import { COMPUTE, DRILLS, FAILOVERS } from "@/components/failover/links";
import { LinkTabs } from "@/components/ui/link-tabs";

/** The pages about machines, for whoever runs the installation. */
const COMPUTE_TABS = [
  { href: COMPUTE, label: "Health", exact: true },
  { href: FAILOVERS, label: "Failovers" },
  { href: DRILLS, label: "Drills" },
  { href: `${COMPUTE}/instances`, label: "Instances" },
  { href: `${COMPUTE}/faults`, label: "Faults" },
  { href: `${COMPUTE}/provisioners`, label: "Provisioners" },
];

/** The way between the pages about machines. */
export function ComputeTabs() {
  return <LinkTabs label="Compute" items={COMPUTE_TABS} />;
}
