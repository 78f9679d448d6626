import { LoaderCircle } from "lucide-react";
import { cn } from "./cn";

type SpinnerProps = {
  /** Read out by screen readers; leave out where a word beside it already says that something is loading. */
  label?: string | undefined;
  className?: string | undefined;
};

/** A turning ring for waits of unknown length. */
export function Spinner({ label, className }: SpinnerProps) {
  const icon = <LoaderCircle aria-hidden="true" className={cn("size-4 shrink-0 animate-spin", className)} />;
  if (label === undefined) return icon;
  return (
    <span role="status" className="inline-flex">
      {icon}
      <span className="sr-only">{label}</span>
    </span>
  );
}
