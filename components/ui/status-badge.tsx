import { Ban, CircleCheck, CircleDashed, CircleX, LoaderCircle, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { type Tone, toneSoft, toneText } from "./tone";

export type StatusTone = "positive" | "danger" | "caution" | "progress" | "waiting" | "off";

export type StatusBadgeProps = {
  tone: StatusTone;
  /** The state in one word. */
  children: ReactNode;
  /** Instead of the tone's own icon; keep shapes distinct, colour alone must never tell states apart. */
  icon?: ReactNode | undefined;
  /** Tints the ground as well: one per page at most, in headers. */
  filled?: boolean | undefined;
  className?: string | undefined;
};

const looks = {
  positive: { icon: CircleCheck, tone: "positive" },
  danger: { icon: CircleX, tone: "danger" },
  caution: { icon: TriangleAlert, tone: "caution" },
  progress: { icon: LoaderCircle, tone: "accent" },
  waiting: { icon: CircleDashed, tone: "neutral" },
  off: { icon: Ban, tone: "neutral" },
} as const satisfies Record<StatusTone, { icon: unknown; tone: Tone }>;

/** A state as icon and word. Each tone has a shape of its own; only problems colour their word. */
export function StatusBadge({ tone, children, icon, filled = false, className }: StatusBadgeProps) {
  const look = looks[tone];
  const loud = tone === "danger" || tone === "caution";
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 whitespace-nowrap align-middle font-medium",
        filled ? cn("rounded-md px-2 py-0.5", toneSoft[look.tone]) : loud ? toneText[look.tone] : "text-ink",
        className,
      )}
    >
      <StatusIcon tone={tone} icon={icon} className={filled ? "text-inherit" : ""} />
      {children}
    </span>
  );
}

type StatusIconProps = Pick<StatusBadgeProps, "tone" | "icon" | "className">;

/** The icon alone, for choices whose words stand beside it anyway. */
export function StatusIcon({ tone, icon, className }: StatusIconProps) {
  const { icon: Icon, tone: colour } = looks[tone];
  return (
    <span aria-hidden="true" className={cn("flex [&_svg]:size-3.5", toneText[colour], className)}>
      {icon ?? <Icon className={tone === "progress" ? "animate-spin" : ""} />}
    </span>
  );
}
