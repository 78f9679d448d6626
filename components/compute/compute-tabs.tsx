"use client";
import { COMPUTE, DRILLS, FAILOVERS } from "@/components/failover/links";
import { LinkTabs } from "@/components/ui/link-tabs";

const TABS = [
  { href: COMPUTE, label: "Health", exact: true },
  { href: FAILOVERS, label: "Failovers" },
  { href: DRILLS, label: "Drills" },
  { href: `${COMPUTE}/instances`, label: "Instances" },
  { href: `${COMPUTE}/faults`, label: "Faults" },
  { href: `${COMPUTE}/provisioners`, label: "Provisioners" },
];

/** The way between the pages about machines, for whoever runs the installation. */
export function ComputeTabs() {
  return <LinkTabs label="Compute" items={TABS} />;
}
