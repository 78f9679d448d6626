import type { ComponentPropsWithRef, ReactNode } from "react";
import { cn } from "./cn";

/** A framed surface. Without padding: put a CardHeader, a CardBody, a table or a list inside. */
export function Card({ className, ...props }: ComponentPropsWithRef<"div">) {
  return <div {...props} className={cn("min-w-0 rounded-lg border border-line bg-surface", className)} />;
}

type HeaderProps = {
  title: ReactNode;
  description?: ReactNode | undefined;
  actions?: ReactNode | undefined;
  /** The level in the page's outline; 2 unless the card sits inside a Section. */
  level?: 2 | 3 | undefined;
  className?: string | undefined;
};

export function CardHeader({ title, description, actions, level = 2, className }: HeaderProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <div
      className={cn(
        "flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-line border-b px-4 py-3",
        className,
      )}
    >
      <div className="min-w-0">
        <Heading className="font-medium text-ink text-sm">{title}</Heading>
        {description === undefined ? null : <p className="text-ink-muted text-xs">{description}</p>}
      </div>
      {actions === undefined ? null : <div className="flex shrink-0 items-center gap-2">{actions}</div>}
    </div>
  );
}

export function CardBody({ className, ...props }: ComponentPropsWithRef<"div">) {
  return <div {...props} className={cn("p-4", className)} />;
}

/** The last line of a card: a note on the left, the save button on the right. */
export function CardFooter({ className, ...props }: ComponentPropsWithRef<"div">) {
  return (
    <div
      {...props}
      className={cn(
        "flex flex-wrap items-center justify-between gap-3 rounded-b-lg border-line border-t bg-surface-sunken px-4 py-2.5 text-ink-muted text-xs",
        className,
      )}
    />
  );
}

type SectionProps = HeaderProps & { id?: string | undefined; children: ReactNode };

/** A part of a page under a heading of its own. */
export function Section({ id, title, description, actions, level = 2, className, children }: SectionProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section id={id} className={cn("flex min-w-0 flex-col gap-3", className)}>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <Heading className="font-semibold text-base text-ink">{title}</Heading>
          {description === undefined ? null : <p className="max-w-prose text-ink-muted text-sm">{description}</p>}
        </div>
        {actions === undefined ? null : <div className="flex shrink-0 items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
