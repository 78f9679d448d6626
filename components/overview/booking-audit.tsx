"use client";

import { CircleCheck, OctagonAlert } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { Disclosure } from "@/components/ui/disclosure";
import { formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import type { SelfAudit } from "@/lib/contracts/self-audit";
import { useGetSelfAuditQuery } from "@/store/self-audit-api";
import { AuditHeading } from "./audit-heading";

/** That no GPU is booked twice and no credit is missing: what the daily examination of everything found. */
export function BookingAudit() {
  const { project } = useProject();
  const { currentData, error, isFetching, refetch } = useGetSelfAuditQuery({ projectId: project.id });
  if (error && !currentData) {
    return (
      <Card>
        <LoadError error={error} onRetry={refetch} retrying={isFetching} />
      </Card>
    );
  }
  return (
    <Card>
      <section aria-labelledby="booking-audit" className="flex flex-col gap-4 p-5">
        {currentData ? <Findings audit={currentData.audit} /> : <Loading />}
      </section>
    </Card>
  );
}

function Findings({ audit }: { audit: SelfAudit | null }) {
  const [open, setOpen] = useState(false);
  if (!audit) {
    return (
      <AuditHeading id="booking-audit" wrong={false} title="Bookings and credits: not examined yet">
        Once a day everything is examined against what must hold. The first result appears here.
      </AuditHeading>
    );
  }
  const wrong = audit.found > 0;
  return (
    <>
      <AuditHeading
        id="booking-audit"
        wrong={wrong}
        title={
          wrong
            ? `${exceptions(audit.found)} in bookings and credits`
            : "No GPU booked twice, no credit missing: 0 exceptions"
        }
      >
        {wrong
          ? "Whoever runs this installation sees which they are when they examine it again. Please report this with the version you run."
          : "Everything that is booked and paid in this installation was examined against what must hold."}
      </AuditHeading>
      <p className="text-ink-muted text-sm">
        Examined <RelativeTime value={audit.ran_at} />, {audit.checks.length} checks.
      </p>
      <Disclosure open={open} onOpenChange={setOpen} title="What was checked">
        <ul className="flex flex-col gap-1.5 text-sm">
          {audit.checks.map(({ check, found }) => (
            <li key={check} className="flex items-start gap-2">
              {found === 0 ? (
                <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-positive" />
              ) : (
                <OctagonAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger" />
              )}
              <span className="min-w-0">
                {check}:{" "}
                <span className={cn("tabular-nums", found > 0 && "font-medium text-danger")}>
                  {found === 0 ? "holds" : exceptions(found)}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </Disclosure>
    </>
  );
}

function exceptions(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? "exception" : "exceptions"}`;
}

function Loading() {
  return (
    <div role="status" className="flex flex-col gap-2">
      <h2 id="booking-audit" className="sr-only">
        Bookings and credits
      </h2>
      <span className="sr-only">Loading</span>
      <Skeleton className="h-5 w-2/3" />
      <Skeleton className="w-1/2" />
    </div>
  );
}
