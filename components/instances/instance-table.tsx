import Link from "next/link";
import { textLinkClass } from "@/components/deliveries/links";
import { reservationHref } from "@/components/reservations/links";
import { formatCredits } from "@/components/reservations/money-words";
import { gpusWords } from "@/components/reservations/words";
import { CopyButton } from "@/components/ui/copy-button";
import { formatDuration } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowActions, RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Instance } from "@/lib/contracts/instances";
import { InstanceStatus } from "./instance-status";
import { instanceHref } from "./links";
import { addressText } from "./words";

export type InstanceTableProps = {
  instances: readonly Instance[];
  /** Left out where they are all of one. */
  reservationName?: ((id: string) => string) | undefined;
};

/** Instances as rows; cards on phones. */
export function InstanceTable({ instances, reservationName }: InstanceTableProps) {
  return (
    <Table label="Instances, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Status</TH>
          <TH>Instance</TH>
          {reservationName === undefined ? null : <TH>Reservation</TH>}
          <TH>GPUs</TH>
          <TH>Boots</TH>
          <TH>Since</TH>
          <TH align="end">An hour</TH>
          <TH>Address</TH>
        </TR>
      </THead>
      <TBody>
        {instances.map((instance) => (
          <TR key={instance.id} interactive>
            <TD stackAs="corner">
              <InstanceStatus status={instance.status} />
            </TD>
            <TD stackAs="title" className="md:max-w-56">
              {/* On phones a cell lays its children out side by side. */}
              <div className="min-w-0">
                <RowLink
                  href={instanceHref(instance.id)}
                  className="block truncate font-medium max-md:whitespace-normal"
                >
                  {instance.name}
                </RowLink>
                <NodeName>{instance.node}</NodeName>
              </div>
            </TD>
            {reservationName === undefined ? null : (
              <TD label="Reservation" className="md:max-w-44">
                <RowActions className="min-w-0 max-w-full">
                  <Link
                    href={reservationHref(instance.reservation_id)}
                    className={`${textLinkClass} min-w-0 truncate max-md:py-1`}
                  >
                    {reservationName(instance.reservation_id)}
                  </Link>
                </RowActions>
              </TD>
            )}
            <TD label="GPUs">{gpusWords(instance.gpu_count, instance.pool.gpu_type)}</TD>
            <TD label="Boots" className="md:max-w-48">
              <BootsCell instance={instance} />
            </TD>
            <TD label="Since">
              <RanCell instance={instance} />
            </TD>
            <TD label="An hour" align="end">
              {formatCredits(instance.price_micros_per_hour)}
            </TD>
            <TD label="Address" className="md:max-w-52">
              <AddressCell instance={instance} />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

/** On which machine of the pool. */
export function NodeName({ children }: { children: string }) {
  return (
    <span className="block truncate font-mono font-normal text-ink-muted text-xs max-md:whitespace-normal">
      {children}
    </span>
  );
}

/** The configuration and its environment; the image where none is named. */
export function BootsCell({ instance }: { instance: Instance }) {
  const { config, environment, image } = instance;
  return (
    <span className="block min-w-0">
      <span className="block truncate font-mono text-xs max-md:whitespace-normal" title={config ?? image}>
        {config ?? image}
      </span>
      <span className="block truncate text-ink-muted text-xs">
        {config === null ? "No configuration" : (environment ?? "Deployed last")}
      </span>
    </span>
  );
}

/** Since when it runs, or how long it ran. */
export function RanCell({ instance: { running_since, ran_seconds } }: { instance: Instance }) {
  if (running_since !== null) {
    return (
      <RowActions>
        <RelativeTime value={running_since} />
      </RowActions>
    );
  }
  if (ran_seconds === 0) return <span className="text-ink-muted">–</span>;
  return <span className="text-ink-muted">ran {formatDuration(ran_seconds * 1000)}</span>;
}

export function AddressCell({ instance: { address } }: { instance: Instance }) {
  if (address === null) return <span className="text-ink-muted">–</span>;
  const text = addressText(address);
  return (
    <RowActions className="min-w-0 max-w-full">
      <span className="min-w-0 truncate font-mono text-xs" title={text}>
        {text}
      </span>
      <CopyButton value={text} label="Copy the address" />
    </RowActions>
  );
}
