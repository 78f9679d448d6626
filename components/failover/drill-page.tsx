"use client";
import { formatCredits } from "@/components/reservations/money-words";
import { gpusWords } from "@/components/reservations/words";
import { LoadError } from "@/components/shell/load-error";
import { Alert } from "@/components/ui/alert";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { IdText } from "@/components/ui/id-text";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { StatusBadge } from "@/components/ui/status-badge";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Drill, DrillReport } from "@/lib/contracts/failovers";
import { useGetDrillQuery } from "@/store/failovers-api";
import { DrillState } from "./drill-state";
import { COMPUTE, DRILLS } from "./links";
import { Steps } from "./steps";
import { FAILOVER_STATUS, gapWords, WAY_WORDS } from "./words";

/** Milliseconds between two looks while it is under way, and afterwards, as deliveries still arrive. */
const POLL_MS = { running: 1_000, finished: 5_000 };

const BREADCRUMBS = [
  { label: "Compute", href: COMPUTE },
  { label: "Drills", href: DRILLS },
];

/** A drill as it goes on, and its report. */
export function DrillPage({ drillId }: { drillId: string }) {
  const running = useGetDrillQuery({ drillId }).currentData?.status !== "finished";
  const { currentData, error, refetch } = useGetDrillQuery(
    { drillId },
    { pollingInterval: running ? POLL_MS.running : POLL_MS.finished, skipPollingIfUnfocused: true },
  );
  if (currentData) return <Report drill={currentData} />;
  return (
    <>
      <PageHeader title="Drill" breadcrumbs={BREADCRUMBS} />
      {error ? <LoadError error={error} onRetry={() => void refetch()} /> : <SkeletonRows label="Loading the drill" />}
    </>
  );
}

function Report({ drill }: { drill: Drill }) {
  const { report } = drill;
  return (
    <>
      <PageHeader
        title={`Drill on ${drill.node.name}`}
        badge={<DrillState drill={drill} filled />}
        description={`A node of ${drill.pool.name}, made to fail by ${drill.started_by.name}.`}
        breadcrumbs={BREADCRUMBS}
      />
      <Outcome drill={drill} />
      <Card>
        <CardHeader
          title="Bookings that had begun on it"
          description={`Longest gap ${gapWords(report.longest_gap_seconds)}, ${formatCredits(report.sla_micros)} credits for lost time. ${movedWords(report)}`}
        />
        {report.healed.length === 0 ? (
          <CardBody>
            <p className="text-ink-muted text-sm">
              {drill.status === "running" ? "None has been struck so far." : "None was on the node."}
            </p>
          </CardBody>
        ) : (
          <HealedTable rows={report.healed} />
        )}
      </Card>
      <Card>
        <CardHeader title="What happened" />
        <CardBody>
          <Steps label="What happened" steps={report.timeline} />
        </CardBody>
      </Card>
    </>
  );
}

function Outcome({ drill: { status, report } }: { drill: Drill }) {
  if (status === "running") {
    return (
      <Alert tone="info" live title="The node is down">
        Bookings on it are being moved. The node comes back when all is healed.
      </Alert>
    );
  }
  if (report.did_not_hold.length === 0) {
    return (
      <Alert tone="positive" live title="Everything held">
        Every booking on the node had another place, and the node is back.
      </Alert>
    );
  }
  return (
    <Alert tone="danger" live title="Not everything held">
      <ul className="flex list-disc flex-col gap-1 ps-4">
        {report.did_not_hold.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
    </Alert>
  );
}

function HealedTable({ rows }: { rows: DrillReport["healed"] }) {
  return (
    <Table label="Bookings that were struck" density="relaxed">
      <THead>
        <TR>
          <TH>Reservation</TH>
          <TH>Healed by</TH>
          <TH>State</TH>
          <TH>To</TH>
          <TH align="end">Gap</TH>
          <TH align="end">Credited</TH>
          <TH align="end">Event arrived</TH>
        </TR>
      </THead>
      <TBody>
        {rows.map((row) => (
          <TR key={row.failover_id}>
            <TD stackAs="title">
              <IdText value={row.reservation_id} />
              <span className="block font-normal text-ink-muted text-xs">
                {gpusWords(row.gpu_count)}, {row.project}
              </span>
            </TD>
            <TD label="Healed by">{WAY_WORDS[row.way]}</TD>
            <TD label="State">
              <StatusBadge tone={FAILOVER_STATUS[row.status].tone}>{FAILOVER_STATUS[row.status].label}</StatusBadge>
            </TD>
            <TD label="To" mono>
              {row.to_node ?? "–"}
            </TD>
            <TD label="Gap" align="end">
              {gapWords(row.gap_seconds)}
            </TD>
            <TD label="Credited" align="end">
              {formatCredits(row.sla_micros)}
            </TD>
            <TD label="Event arrived" align="end">
              {arrivedWords(row)}
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function arrivedWords({ event_id, deliveries, delivered }: DrillReport["healed"][number]): string {
  if (event_id === null) return "Not sent yet";
  return deliveries === 0 ? "No webhook takes it" : `${delivered} of ${deliveries}`;
}

function movedWords({ moved }: DrillReport): string {
  if (moved.length === 0) return "No booking that begins later had to move.";
  return moved.length === 1
    ? "1 booking that begins later moved away."
    : `${moved.length} bookings that begin later moved away.`;
}
