import { OctagonAlert, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

type AuditHeadingProps = {
  /** Of the heading, after which its section is named. */
  id: string;
  /** Something is not as it must be. */
  wrong: boolean;
  title: string;
  children: ReactNode;
};

/** What an examination found, in a sentence, and what was examined. */
export function AuditHeading({ id, wrong, title, children }: AuditHeadingProps) {
  const Icon = wrong ? OctagonAlert : ShieldCheck;
  return (
    <div className="flex items-start gap-3">
      <Icon aria-hidden="true" className={cn("mt-0.5 size-5 shrink-0", wrong ? "text-danger" : "text-positive")} />
      <div className="min-w-0">
        <h2 id={id} className={cn("font-semibold text-base", wrong ? "text-danger" : "text-ink")}>
          {title}
        </h2>
        <p className="max-w-prose text-ink-muted text-sm">{children}</p>
      </div>
    </div>
  );
}
