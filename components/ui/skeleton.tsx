import { cn } from "./cn";

/** The shape of something that is still loading. Hidden from screen readers: say "Loading" once with SkeletonRows or a Spinner. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <div aria-hidden="true" className={cn("h-4 animate-pulse rounded bg-line", className)} />;
}

/** Loading rows of a list or table. */
export function SkeletonRows({
  rows = 6,
  label = "Loading",
  className,
}: {
  rows?: number | undefined;
  label?: string | undefined;
  className?: string | undefined;
}) {
  return (
    <div role="status" className={cn("divide-y divide-line", className)}>
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <div key={row} className="flex h-10 items-center gap-4 px-4">
          <Skeleton className="h-3 w-20" />
          <Skeleton className={cn("h-3", ["w-2/5", "w-1/3", "w-1/2"][row % 3])} />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
