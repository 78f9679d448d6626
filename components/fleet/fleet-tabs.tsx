"use client";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { FLEET } from "./links";

const TABS = [
  { href: FLEET, label: "Pools", exact: true },
  { href: `${FLEET}/maintenance`, label: "Maintenance" },
  { href: `${FLEET}/rules`, label: "Booking rules" },
  { href: `${FLEET}/plans`, label: "Project plans" },
];

type FleetHeaderProps = Pick<Parameters<typeof PageHeader>[0], "actions">;

/** The head of the fleet's pages and the way between them. */
export function FleetHeader({ actions }: FleetHeaderProps) {
  return (
    <>
      <PageHeader
        title="Fleet"
        description="The GPUs of this installation, which all premium projects book: what there is, when it is worked on, and the rules."
        actions={actions}
      />
      <LinkTabs label="Fleet" items={TABS} />
    </>
  );
}
