import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

export function OverviewSkeleton() {
  return (
    <div role="status" className="flex flex-col gap-6">
      <span className="sr-only">Loading the overview</span>
      <div className="grid gap-6 xl:grid-cols-[minmax(0,5fr)_minmax(0,2fr)]">
        <Card className="flex flex-col gap-6 p-5">
          <Skeleton className="h-5 w-72 max-w-full" />
          <div className="grid grid-cols-2 gap-6 sm:grid-cols-5">
            {["accepted", "delivered", "pending", "failed", "cancelled"].map((name) => (
              <Skeleton key={name} className="h-9" />
            ))}
          </div>
        </Card>
        <Card className="grid grid-cols-2 gap-6 p-5 xl:grid-cols-1">
          <Skeleton className="h-12" />
          <Skeleton className="h-12" />
        </Card>
      </div>
      <Skeleton className="h-40 rounded-lg" />
    </div>
  );
}
