"use client";
import { creditsWords } from "@/components/reservations/money-words";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusBadge } from "@/components/ui/status-badge";
import { RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Pool } from "@/lib/contracts/fleet";
import type { Maintenance } from "@/lib/contracts/maintenance";
import { useListMaintenanceInfiniteQuery } from "@/store/fleet-api";
import { poolHref } from "./links";
import { minutesWords } from "./words";

/** The pools by name, each with the maintenance that comes next. */
export function PoolTable({ pools }: { pools: readonly Pool[] }) {
  const { data, error } = useListMaintenanceInfiniteQuery({ poolId: null });
  const planned = data?.pages.flatMap((page) => page.data);
  return (
    <Table label="Pools" density="relaxed">
      <THead>
        <TR>
          <TH>Pool</TH>
          <TH>GPU type</TH>
          <TH>Place</TH>
          <TH align="end">GPUs</TH>
          <TH align="end">Reserve</TH>
          <TH align="end">Price per GPU-hour</TH>
          <TH>Grid</TH>
          <TH>Next maintenance</TH>
          <TH>State</TH>
        </TR>
      </THead>
      <TBody>
        {pools.map((pool) => (
          <TR key={pool.id} interactive>
            <TD stackAs="title" className="md:max-w-56">
              <RowLink href={poolHref(pool.id)} className="block truncate font-medium">
                {pool.name}
              </RowLink>
            </TD>
            <TD label="GPU type">{pool.gpu_type.name}</TD>
            <TD label="Place">
              {/* One child: on phones a cell lays its children out side by side. */}
              <span>
                {pool.region}
                <span className="text-ink-muted"> · {pool.provider}</span>
              </span>
            </TD>
            <TD label="GPUs" align="end" className="tabular-nums">
              {pool.unit_count}
            </TD>
            <TD label="Reserve" align="end" className="tabular-nums">
              {pool.reserve_units}
            </TD>
            <TD label="Price per GPU-hour" align="end" className="tabular-nums">
              {creditsWords(pool.price_micros_per_gpu_hour)}
            </TD>
            <TD label="Grid">{minutesWords(pool.granularity_minutes)}</TD>
            <TD label="Next maintenance">
              {planned ? (
                <NextMaintenance next={planned.find((maintenance) => maintenance.pool.id === pool.id)} />
              ) : (
                <span className="text-ink-muted">{error ? "could not be read" : "…"}</span>
              )}
            </TD>
            <TD stackAs="corner">
              <PoolState open={pool.open} />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

/** Whether it takes new bookings. */
export function PoolState({ open }: { open: boolean }) {
  return open ? <StatusBadge tone="positive">Open</StatusBadge> : <StatusBadge tone="off">Closed</StatusBadge>;
}

function NextMaintenance({ next }: { next: Maintenance | undefined }) {
  if (next === undefined) return <span className="text-ink-muted">none</span>;
  if (next.state === "under_way") return <StatusBadge tone="progress">Under way</StatusBadge>;
  return <RelativeTime value={next.starts_at} />;
}
