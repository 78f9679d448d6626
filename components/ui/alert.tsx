import { CircleCheck, Info, OctagonAlert, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { toneText } from "./tone";

type AlertTone = "info" | "positive" | "caution" | "danger";

export type AlertProps = {
  tone?: AlertTone | undefined;
  title?: ReactNode | undefined;
  children?: ReactNode | undefined;
  /** Buttons or links that mend it. */
  actions?: ReactNode | undefined;
  /** Announce it when it appears; leave out for what stands on the page from the start. */
  live?: boolean | undefined;
  onDismiss?: (() => void) | undefined;
  className?: string | undefined;
};

const looks = {
  info: { icon: Info, ink: toneText.accent, ground: "bg-accent-soft border-accent/25" },
  positive: { icon: CircleCheck, ink: toneText.positive, ground: "bg-positive-soft border-positive/25" },
  caution: { icon: TriangleAlert, ink: toneText.caution, ground: "bg-caution-soft border-caution/25" },
  danger: { icon: OctagonAlert, ink: toneText.danger, ground: "bg-danger-soft border-danger/25" },
};

/** A callout inside the page: what is the matter, why, and what to do. */
export function Alert({ tone = "info", title, children, actions, live = false, onDismiss, className }: AlertProps) {
  const { icon: Icon, ink, ground } = looks[tone];
  const role = live ? (tone === "danger" ? "alert" : "status") : undefined;
  return (
    <div
      role={role}
      className={cn("flex items-start gap-2.5 rounded-lg border px-3 py-2.5 text-sm", ground, className)}
    >
      <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", ink)} />
      <div className="min-w-0 flex-1">
        {title === undefined ? null : <p className="font-medium text-ink">{title}</p>}
        {children === undefined ? null : (
          <div className={cn("break-words", title === undefined ? "text-ink" : "mt-0.5 text-ink-muted")}>
            {children}
          </div>
        )}
        {actions === undefined ? null : <div className="mt-2.5 flex flex-wrap gap-2">{actions}</div>}
      </div>
      {onDismiss === undefined ? null : (
        <Button variant="ghost" size="icon-sm" className="-my-1 -mr-1.5" aria-label="Dismiss" onClick={onDismiss}>
          <X aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}
