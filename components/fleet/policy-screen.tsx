"use client";
import { LoadError } from "@/components/shell/load-error";
import { Card } from "@/components/ui/card";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useGetBookingPolicyQuery } from "@/store/reservations-api";
import { FleetHeader } from "./fleet-tabs";
import { PolicyForm } from "./policy-form";

/** Discounts, refunds, times and the plan's credits: what holds for all pools. */
export function PolicyScreen() {
  const { data, error, isFetching, refetch } = useGetBookingPolicyQuery();
  return (
    <>
      <FleetHeader />
      {data ? (
        <PolicyForm key={data.version} policy={data} />
      ) : (
        <Card>
          {error ? (
            <LoadError error={error} onRetry={refetch} retrying={isFetching} />
          ) : (
            <SkeletonRows rows={8} label="Loading the booking rules" />
          )}
        </Card>
      )}
    </>
  );
}
