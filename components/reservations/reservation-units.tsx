"use client";
import { ShieldCheck, TriangleAlert } from "lucide-react";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Reservation } from "@/lib/contracts/reservations";
import { useGetPoolQuery } from "@/store/reservations-api";
import { useGetSelfAuditQuery } from "@/store/self-audit-api";
import { rangeWords } from "./time-words";
import { gpusWords, isOpen } from "./words";

/** Which GPUs it has and what stands behind the promise that it gets them. */
export function ReservationUnits({ reservation, zone }: { reservation: Reservation; zone: string }) {
  const { data: pool } = useGetPoolQuery({ poolId: reservation.pool_id });
  const nodes = Map.groupBy(reservation.units, ({ node }) => node);
  // After a failover, too, it has not had the same GPUs throughout.
  const several = reservation.units.some(
    ({ starts_at, ends_at }) => starts_at !== reservation.starts_at || ends_at !== reservation.ends_at,
  );
  return (
    <Card>
      <CardHeader title="What backs this promise" description="Every GPU has a place of its own in the pool's plan." />
      <CardBody className="flex flex-col gap-4">
        {nodes.size === 0 ? (
          <p className="text-ink-muted text-sm">
            {isOpen(reservation) ? "Its GPUs are being placed." : "It keeps no GPUs any more."}
          </p>
        ) : (
          <ul aria-label="GPUs by machine" className="flex flex-col gap-3">
            {[...nodes].map(([node, units]) => (
              <li key={node} className="flex flex-col gap-1.5 sm:flex-row sm:gap-4">
                <span className="w-32 shrink-0 font-mono text-ink text-xs/5 [overflow-wrap:anywhere]">{node}</span>
                <ul
                  aria-label={`GPUs of ${node}`}
                  className={cn("flex min-w-0 gap-1", several ? "flex-col" : "flex-wrap")}
                >
                  {units.map((unit) => (
                    <li key={`${unit.unit_id} ${unit.starts_at}`} className="flex items-baseline gap-2">
                      <Badge mono className="shrink-0">
                        GPU {unit.lane}
                      </Badge>
                      {several ? (
                        <span className="text-ink-muted text-xs/5">
                          {rangeWords(Date.parse(unit.starts_at), Date.parse(unit.ends_at), zone)}
                        </span>
                      ) : null}
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        )}
        <ul className="flex list-disc flex-col gap-1 pl-4 text-ink-muted text-sm">
          <li>The database itself refuses two bookings of one GPU at one time, whatever the software does.</li>
          {pool === undefined ? null : (
            <li>
              {pool.reserve_units === 0
                ? "This pool keeps no GPUs back for failures."
                : `${gpusWords(pool.reserve_units)} of this pool ${pool.reserve_units === 1 ? "is" : "are"} never sold, so that there is a spare when one fails.`}
            </li>
          )}
          <li>
            {reservation.pinned
              ? "It keeps these very GPUs: it is never moved."
              : "Until shortly before the start it may move to like GPUs of the pool; it never loses any."}
          </li>
        </ul>
      </CardBody>
      <CardFooter>
        <LastAudit />
      </CardFooter>
    </Card>
  );
}

/** What the examination of all bookings found last. */
function LastAudit() {
  const { project } = useProject();
  const { data } = useGetSelfAuditQuery({ projectId: project.id });
  const audit = data?.audit ?? null;
  if (audit === null) {
    return <span>All bookings are checked against each other every day.</span>;
  }
  const isClean = audit.found === 0;
  return (
    <span className="flex items-center gap-1.5">
      {isClean ? (
        <ShieldCheck aria-hidden="true" className="size-3.5 text-positive" />
      ) : (
        <TriangleAlert aria-hidden="true" className="size-3.5 text-danger" />
      )}
      <span>
        All bookings were checked against each other <RelativeTime value={audit.ran_at} />:{" "}
        {isClean
          ? "nothing is wrong."
          : `${audit.found} exceptions, which whoever runs the installation has to look at.`}
      </span>
    </span>
  );
}
