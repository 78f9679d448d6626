"use client";
import { gpusWords } from "@/components/reservations/words";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { StatusBadge } from "@/components/ui/status-badge";
import type { Failover } from "@/lib/contracts/failovers";
import type { Reservation } from "@/lib/contracts/reservations";
import { useListFailoversInfiniteQuery } from "@/store/failovers-api";
import { SlaLines } from "./sla-lines";
import { Steps } from "./steps";
import { FAILOVER_STATUS, gapWords, WAY_WORDS } from "./words";

/** Milliseconds between two looks at a booking that runs. */
const POLL_MS = 5_000;

/** What failed under a reservation, and what was done about it and credited. Nothing where nothing ever failed. */
export function ReservationFailovers({ reservation }: { reservation: Reservation }) {
  const { project, can } = useProject();
  const query = useListFailoversInfiniteQuery(
    { projectId: project.id, reservationId: reservation.id },
    {
      skip: !can("instances:read") || reservation.started_at === null,
      pollingInterval: reservation.status === "active" ? POLL_MS : 0,
      skipPollingIfUnfocused: true,
    },
  );
  const rows = query.currentData?.pages.flatMap(({ data }) => data) ?? [];
  if (rows.length === 0) return null;
  return (
    <Card>
      <CardHeader
        title="Failovers"
        description="GPUs of this booking failed. What ran there was moved, and the time without them is credited."
      />
      <CardBody className="flex flex-col gap-6">
        {rows.map((failover) => (
          <OneFailover key={failover.id} failover={failover} />
        ))}
      </CardBody>
    </Card>
  );
}

function OneFailover({ failover }: { failover: Failover }) {
  const { tone, label } = FAILOVER_STATUS[failover.status];
  return (
    <article
      aria-label={`Failover from ${failover.from_node}`}
      className="flex flex-col gap-3 not-last:border-line not-last:border-b not-last:pb-6"
    >
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink text-sm">
        <StatusBadge tone={tone}>{label}</StatusBadge>
        <span>
          {gpusWords(failover.gpu_count)} from <span className="font-mono text-xs">{failover.from_node}</span>
          {failover.to_node === null ? null : (
            <>
              {" "}
              to <span className="font-mono text-xs">{failover.to_node}</span>
            </>
          )}
        </span>
        <Badge>{WAY_WORDS[failover.way]}</Badge>
        {failover.drill_id === null ? null : <Badge tone="caution">Drill</Badge>}
        {failover.gap_seconds === null ? null : (
          <span className="text-ink-muted">{gapWords(failover.gap_seconds)} without them</span>
        )}
      </p>
      <Steps label="What happened" steps={failover.timeline} />
      {failover.sla === null ? null : <SlaLines sla={failover.sla} />}
    </article>
  );
}
