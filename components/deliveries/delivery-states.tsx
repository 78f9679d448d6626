"use client";
import { CalendarX2 } from "lucide-react";
import Link from "next/link";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { describeError } from "@/store/api-error";
import { DELIVERIES } from "./links";

export function DeliveryLoading() {
  return (
    <div role="status" className="flex flex-col gap-4 p-4">
      <span className="sr-only">Loading the delivery</span>
      <Skeleton className="h-5 w-48" />
      <Skeleton className="h-3 w-64" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}

/** There is no such delivery (any more), or it could not be read: two different things. */
export function DeliveryUnavailable({
  error,
  onRetry,
}: {
  error: Parameters<typeof describeError>[0];
  onRetry: () => void;
}) {
  if (error !== undefined && "problem" in error && error.status === 404) {
    return (
      <EmptyState
        icon={<CalendarX2 />}
        title="This delivery is not here"
        actions={
          <Button asChild>
            <Link href={DELIVERIES}>All deliveries</Link>
          </Button>
        }
      >
        Deliveries are kept for the retention period of this installation (30 days unless set otherwise) and then
        removed with their attempts. It may also belong to another project; the switcher above shows which one is open.
      </EmptyState>
    );
  }
  return <LoadError error={error} onRetry={onRetry} />;
}
