"use client";
import { LinkTabs } from "@/components/ui/link-tabs";

export const COMPUTE = "/app/admin/compute";

/** The pages about machines, for whoever runs the installation. */
export const COMPUTE_TABS = [
  { href: `${COMPUTE}/instances`, label: "Instances" },
  { href: `${COMPUTE}/faults`, label: "Faults" },
  { href: `${COMPUTE}/provisioners`, label: "Provisioners" },
];

/** The way between the pages about machines. */
export function ComputeTabs() {
  return <LinkTabs label="Compute" items={COMPUTE_TABS} />;
}
