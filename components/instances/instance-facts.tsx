"use client";
import Link from "next/link";
import { Fact, FactList } from "@/components/deliveries/fact-list";
import { textLinkClass } from "@/components/deliveries/links";
import { reservationHref } from "@/components/reservations/links";
import { gpusWords, nameOf } from "@/components/reservations/words";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { IdText } from "@/components/ui/id-text";
import { Timestamp } from "@/components/ui/timestamp";
import { CorrelationLinks } from "@/components/workflows/correlation-links";
import { workflowHref } from "@/components/workflows/links";
import type { InstanceDetail } from "@/lib/contracts/instances";
import { useGetReservationQuery } from "@/store/reservations-api";

const PROVIDERS: Readonly<Record<string, string>> = {
  simulated: "Simulated machines",
  vast: "vast.ai",
  http: "Own machines",
};

/** What an instance is, where, and of which reservation. */
export function InstanceFacts({ instance }: { instance: InstanceDetail }) {
  const { pool, units, correlation_id } = instance;
  return (
    <Card>
      <CardHeader title="What it has" />
      <CardBody>
        <FactList>
          <Fact label="GPUs">{gpusWords(instance.gpu_count, pool.gpu_type)}</Fact>
          <Fact label="Pool">
            {pool.name} <span className="text-ink-muted">· {pool.region}</span>
          </Fact>
          <Fact label="Machine" mono>
            {instance.node}
          </Fact>
          <Fact label="Its GPUs" wide>
            <ul aria-label={`GPUs of ${instance.node}`} className="flex flex-wrap gap-1">
              {units.map(({ unit_id, lane, held }) => (
                <li key={unit_id}>
                  <Badge mono>
                    GPU {lane}
                    {held ? "" : " · let go"}
                  </Badge>
                </li>
              ))}
            </ul>
          </Fact>
          <Fact label="Reservation">
            <ReservationName id={instance.reservation_id} />
          </Fact>
          <Fact label="Provider">{PROVIDERS[instance.provider] ?? instance.provider}</Fact>
          <Fact label="Called there" mono={instance.external_id !== null}>
            {instance.external_id ?? "Nothing at the moment"}
          </Fact>
          <Fact label="Made">
            <Timestamp value={instance.created_at} date="always" />
          </Fact>
          {instance.ended_at === null ? null : (
            <Fact label="Over since">
              <Timestamp value={instance.ended_at} date="always" />
            </Fact>
          )}
          <Fact label="Instance" wide>
            <IdText value={instance.id} label="instance id" />
          </Fact>
          <Fact label="Correlation id" wide>
            <IdText value={correlation_id} label="correlation id" />
          </Fact>
        </FactList>
      </CardBody>
      <CardFooter>
        <span>Its starts, stops and failures are events that your webhooks can get.</span>
        <span className="flex flex-wrap gap-3">
          <Link href={workflowHref(correlation_id)} className={textLinkClass}>
            Its workflow
          </Link>
          <CorrelationLinks correlationId={correlation_id} />
        </span>
      </CardFooter>
    </Card>
  );
}

function ReservationName({ id }: { id: string }) {
  const { project, can } = useProject();
  const { currentData } = useGetReservationQuery(
    { projectId: project.id, reservationId: id },
    { skip: !can("reservations:read") },
  );
  return (
    <Link href={reservationHref(id)} className={textLinkClass}>
      {currentData === undefined ? "Its reservation" : nameOf(currentData)}
    </Link>
  );
}
