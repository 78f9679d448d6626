"use client";
import { Pencil, X } from "lucide-react";
import Link from "next/link";
import { inlineLinkClass } from "@/components/deliveries/links";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { StatusBadge } from "@/components/ui/status-badge";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { Maintenance } from "@/lib/contracts/maintenance";
import { useEndMaintenanceMutation } from "@/store/fleet-api";
import { poolHref } from "./links";
import { ChangeMaintenanceDialog } from "./maintenance-dialog";
import { countWords, MAINTENANCE_WORDS, namesWords } from "./words";

type MaintenanceTableProps = {
  rows: readonly Maintenance[];
  /** Names the pool of each. */
  withPool: boolean;
};

export function MaintenanceTable({ rows, withPool }: MaintenanceTableProps) {
  return (
    <Table label="Maintenance" density="relaxed">
      <THead>
        <TR>
          <TH>What for</TH>
          {withPool ? <TH>Pool</TH> : null}
          <TH>From</TH>
          <TH>To</TH>
          <TH>GPUs</TH>
          <TH>Planned by</TH>
          <TH>State</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {rows.map((maintenance) => {
          const { word, tone } = MAINTENANCE_WORDS[maintenance.state];
          return (
            <TR key={maintenance.id}>
              <TD stackAs="title" className="md:max-w-72 md:whitespace-normal">
                <span className="line-clamp-2 break-words">{maintenance.reason}</span>
              </TD>
              {withPool ? (
                <TD label="Pool">
                  <Link href={poolHref(maintenance.pool.id)} className={inlineLinkClass}>
                    {maintenance.pool.name}
                  </Link>
                </TD>
              ) : null}
              <TD label="From">
                <Timestamp value={maintenance.starts_at} date="always" />
              </TD>
              <TD label="To">
                <Timestamp value={maintenance.ends_at} date="always" />
              </TD>
              <TD label="GPUs">
                <span className="tabular-nums" title={maintenance.nodes.map(({ name }) => name).join(", ")}>
                  {countWords(maintenance.unit_count, "GPU")}
                  <span className="block text-ink-muted text-xs">
                    {namesWords(
                      maintenance.nodes.map(({ name }) => name),
                      2,
                    )}
                  </span>
                </span>
              </TD>
              <TD label="Planned by">{maintenance.created_by.name || "–"}</TD>
              <TD stackAs="corner">
                <StatusBadge tone={tone}>{word}</StatusBadge>
              </TD>
              <TD stackAs="full" align="end">
                {maintenance.state === "ended" ? null : <Actions maintenance={maintenance} />}
              </TD>
            </TR>
          );
        })}
      </TBody>
    </Table>
  );
}

function Actions({ maintenance }: { maintenance: Maintenance }) {
  const [end] = useEndMaintenanceMutation();
  const begun = maintenance.state === "under_way";
  return (
    <span className="inline-flex gap-1">
      <ChangeMaintenanceDialog
        maintenance={maintenance}
        trigger={
          <Button size="icon-sm" variant="ghost" aria-label={`Change ${maintenance.reason}`}>
            <Pencil aria-hidden="true" />
          </Button>
        }
      />
      <ConfirmDialog
        trigger={
          <Button size="icon-sm" variant="ghost" aria-label={`${begun ? "End" : "Call off"} ${maintenance.reason}`}>
            <X aria-hidden="true" />
          </Button>
        }
        title={begun ? "End this maintenance now?" : "Call this maintenance off?"}
        description={
          begun
            ? "Its GPUs can be booked again from this moment on."
            : "Its GPUs can be booked for that time. Bookings that were moved for it stay where they are."
        }
        confirmLabel={begun ? "End now" : "Call off"}
        onConfirm={async () => {
          await end({ poolId: maintenance.pool.id, maintenanceId: maintenance.id }).unwrap();
          toast.success(begun ? "The maintenance has ended" : "The maintenance was called off");
        }}
        describeError={errorWords}
      />
    </span>
  );
}
