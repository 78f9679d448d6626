"use client";
import Link from "next/link";
import { Fact, FactList } from "@/components/deliveries/fact-list";
import { textLinkClass } from "@/components/deliveries/links";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { IdText } from "@/components/ui/id-text";
import { Timestamp } from "@/components/ui/timestamp";
import { AlsoTold } from "@/components/workflows/also-told";
import { CorrelationLinks } from "@/components/workflows/correlation-links";
import { workflowHref } from "@/components/workflows/links";
import type { Reservation } from "@/lib/contracts/reservations";
import { ZonedMoment } from "./moment";
import { newSeriesHref, seriesHref } from "./series/links";
import { lengthWords, rangeWords } from "./time-words";
import { gpusWords } from "./words";

/** What a reservation is, where and when. */
export function ReservationFacts({ reservation, zone }: { reservation: Reservation; zone: string }) {
  const { pool, segments, correlation_id } = reservation;
  const from = Date.parse(reservation.starts_at);
  const to = Date.parse(reservation.ends_at);
  return (
    <Card>
      <CardHeader title="What is booked" />
      <CardBody>
        <FactList>
          <Fact label="GPUs">{gpusWords(reservation.gpu_count, pool.gpu_type)}</Fact>
          <Fact label="Pool">
            {pool.name} <span className="text-ink-muted">· {pool.region}</span>
          </Fact>
          <Fact label="Machines">{reservation.topology === "single_node" ? "All on one" : "Any of the pool"}</Fact>
          <Fact label="Start">
            <ZonedMoment value={reservation.starts_at} zone={zone} />
          </Fact>
          <Fact label="End">
            <ZonedMoment value={reservation.ends_at} zone={zone} />
          </Fact>
          <Fact label="Length">{lengthWords(to - from)}</Fact>
          {segments.length > 1 ? (
            <Fact label="Parts" wide>
              <ol className="flex flex-col gap-0.5">
                {segments.map((segment) => (
                  <li key={segment.starts_at} className="tabular-nums">
                    {gpusWords(segment.gpu_count)},{" "}
                    {rangeWords(Date.parse(segment.starts_at), Date.parse(segment.ends_at), zone)}
                  </li>
                ))}
              </ol>
            </Fact>
          ) : null}
          <Fact label="Booked by">{reservation.mine ? "You" : reservation.created_by.name}</Fact>
          <Fact label="Booked">
            <Timestamp value={reservation.created_at} date="always" />
          </Fact>
          <Fact label="Keeps its very GPUs">{reservation.pinned ? "Yes" : "No"}</Fact>
          {reservation.started_at === null ? null : (
            <Fact label="Started">
              <Timestamp value={reservation.started_at} date="always" />
            </Fact>
          )}
          {reservation.ended_at === null ? null : (
            <Fact label="Ended">
              <Timestamp value={reservation.ended_at} date="always" />
            </Fact>
          )}
          <Fact label="Configuration" mono={reservation.config !== null}>
            {reservation.config ?? "None"}
          </Fact>
          <Fact label="Environment" mono={reservation.environment !== null}>
            {reservation.environment ?? "None"}
          </Fact>
          <Fact label="Snapshot before the end">{reservation.snapshot_at_end ? "Yes" : "No"}</Fact>
          <AlsoTold correlationId={correlation_id} />
          <Fact label="Reservation" wide>
            <IdText value={reservation.id} label="reservation id" />
          </Fact>
          <Fact label="Correlation id" wide>
            <IdText value={correlation_id} label="correlation id" />
          </Fact>
        </FactList>
      </CardBody>
      <CardFooter>
        <span>Every step of it is an event that your webhooks can get.</span>
        <span className="flex flex-wrap gap-3">
          {reservation.series_id === null ? (
            <Link href={repeatHref(reservation)} className={textLinkClass}>
              Repeat it
            </Link>
          ) : (
            <Link href={seriesHref(reservation.series_id)} className={textLinkClass}>
              Its series
            </Link>
          )}
          <Link href={workflowHref(correlation_id)} className={textLinkClass}>
            Its workflow
          </Link>
          <CorrelationLinks correlationId={correlation_id} />
        </span>
      </CardFooter>
    </Card>
  );
}

/** The form for a series of the same, filled in. */
function repeatHref({ pool_id, gpu_count, starts_at, ends_at }: Reservation): string {
  return newSeriesHref({ poolId: pool_id, gpuCount: gpu_count, startsAt: starts_at, endsAt: ends_at });
}
