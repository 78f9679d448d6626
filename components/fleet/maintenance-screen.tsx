"use client";
import { FleetHeader } from "./fleet-tabs";
import { MaintenanceCard } from "./maintenance-card";

/** Maintenance of all pools. */
export function MaintenanceScreen() {
  return (
    <>
      <FleetHeader />
      <MaintenanceCard poolId={null} />
    </>
  );
}
