import { useId } from "react";
import { cn } from "@/components/ui/cn";

/** The mark: a D cut into four lanes, one of them taken in part. */
export function LogoMark({ className }: { className?: string | undefined }) {
  const clip = useId();
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={cn("size-6 shrink-0", className)}>
      <clipPath id={clip}>
        <path d="M4 4h11.5a12 12 0 0 1 0 24H4z" />
      </clipPath>
      <g clipPath={`url(#${clip})`} className="fill-ink">
        <rect x="4" y="4" width="28" height="4.8" />
        <rect x="4" y="10.4" width="9" height="4.8" />
        <rect x="15" y="10.4" width="17" height="4.8" className="fill-accent" />
        <rect x="4" y="16.8" width="28" height="4.8" />
        <rect x="4" y="23.2" width="28" height="4.8" />
      </g>
    </svg>
  );
}

/** Mark and name. */
export function Logo({ className }: { className?: string | undefined }) {
  return (
    <span className={cn("inline-flex items-center gap-2 font-semibold text-base text-ink tracking-tight", className)}>
      <LogoMark />
      Dumont
    </span>
  );
}
