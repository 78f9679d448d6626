"use client";
import { Server } from "lucide-react";
import Link from "next/link";
import { configHref } from "@/components/configurations/links";
import { textLinkClass } from "@/components/deliveries/links";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import type { Reservation } from "@/lib/contracts/reservations";
import { useListConfigurationNamesQuery } from "@/store/configs-api";
import { useListInstancesInfiniteQuery } from "@/store/instances-api";
import { BootAnew } from "./boot-anew";
import { InstanceTable } from "./instance-table";
import { instancesOfHref } from "./links";
import { whatBoots } from "./what-boots";
import { bootAnewBlock } from "./words";

/** The instances of a reservation; before it begins, what will boot. */
export function ReservationInstances({ reservation }: { reservation: Reservation }) {
  const { can } = useProject();
  const { status } = reservation;
  if (status === "held" || status === "confirmed") return <ToBoot reservation={reservation} />;
  return can("instances:read") ? <Instances reservation={reservation} /> : null;
}

function Instances({ reservation }: { reservation: Reservation }) {
  const { id, started_at, status } = reservation;
  const { project, can } = useProject();
  const query = useListInstancesInfiniteQuery({ projectId: project.id, filter: { reservation_id: id } });
  if (started_at === null) return null;
  const instances = query.currentData?.pages.flatMap(({ data }) => data);
  // Beside the button's own remark, which touch screens do not show.
  const blocked = status === "active" && instances ? bootAnewBlock(can, reservation, instances) : undefined;
  return (
    <Card>
      <CardHeader
        title="Instances"
        description="One on each machine; they stop with the reservation."
        actions={
          <>
            <Link href={instancesOfHref(id)} className={`${textLinkClass} text-sm`}>
              In the list
            </Link>
            {status === "active" ? <BootAnew reservation={reservation} size="sm" /> : null}
          </>
        }
      />
      <PagedList
        query={query}
        noun={["instance", "instances"]}
        loading="Loading the instances"
        loadingRows={2}
        empty={
          <EmptyState icon={<Server />} title="No instances" className="py-8">
            They are made when the reservation begins, within seconds.
          </EmptyState>
        }
      >
        {(rows) => <InstanceTable instances={rows} />}
      </PagedList>
      {blocked === undefined ? null : <CardFooter>{blocked}</CardFooter>}
    </Card>
  );
}

function ToBoot({ reservation }: { reservation: Reservation }) {
  const { project, can } = useProject();
  const { currentData: configs } = useListConfigurationNamesQuery(
    { projectId: project.id },
    { skip: reservation.config === null || !can("configs:read") },
  );
  const boots = whatBoots(reservation, configs);
  return (
    <Card>
      <CardHeader
        title="Instances"
        description="They start by themselves when the reservation does, one on each machine."
      />
      <CardBody className="flex flex-col gap-1 text-sm">
        {boots.kind === "plain" ? <p className="text-ink">{boots.why}</p> : null}
        {boots.kind === "unknown" ? (
          <p className="text-ink">
            What is deployed of <span className="font-mono text-xs">{reservation.config}</span>
            {reservation.environment === null ? "" : ` to “${reservation.environment}”`} at the start boots; a plain
            machine where nothing is.
          </p>
        ) : null}
        {boots.kind === "version" ? (
          <>
            <p className="text-ink">
              <Link href={configHref(boots.configId)} className={`${textLinkClass} font-mono text-xs`}>
                {reservation.config}
              </Link>{" "}
              boots, as it is deployed to “{boots.environment}” then. Now that is{" "}
              <span className="font-mono text-xs">{boots.version}</span>.
            </p>
            {boots.chosen ? null : (
              <p className="text-ink-muted">No environment is named: where it was deployed last counts.</p>
            )}
          </>
        ) : null}
      </CardBody>
    </Card>
  );
}
