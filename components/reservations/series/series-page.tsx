"use client";
import { Repeat } from "lucide-react";
import { useProject } from "@/components/shell/project-context";
import { Unavailable } from "@/components/shell/unavailable";
import { Card, CardHeader } from "@/components/ui/card";
import { KeyValue, KeyValueList } from "@/components/ui/key-value";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import { RESERVATION_STATUSES, type Reservation } from "@/lib/contracts/reservations";
import type { SeriesDetail } from "@/lib/contracts/series";
import { useGetSeriesQuery } from "@/store/series-api";
import { RESERVATIONS, reservationHref } from "../links";
import { creditsWords, formatCredits } from "../money-words";
import { ReservationStatus } from "../reservation-status";
import { lengthWords, rangeWords } from "../time-words";
import { gpusWords, STATUS_WORDS } from "../words";
import { CancelSeries } from "./cancel-series";
import { SERIES } from "./links";
import { OccurrenceTable } from "./occurrence-table";
import { listWords, ruleWords } from "./words";

const BREADCRUMBS = [
  { label: "Reservations", href: RESERVATIONS },
  { label: "Series", href: SERIES },
];

/** One series: its rule, its reservations, what was left out, and the means to cancel the rest. */
export function SeriesPage({ seriesId }: { seriesId: string }) {
  const { project } = useProject();
  const { currentData, error, isFetching, refetch } = useGetSeriesQuery({ projectId: project.id, seriesId });
  if (currentData !== undefined) return <Detail series={currentData} />;
  return (
    <>
      <PageHeader title="Series" breadcrumbs={BREADCRUMBS} />
      {error === undefined || isFetching ? (
        <SkeletonRows label="Loading the series" />
      ) : (
        <Unavailable
          error={error}
          onRetry={() => void refetch()}
          missing={{ icon: <Repeat />, title: "This series is not here", back: { href: SERIES, label: "All series" } }}
        />
      )}
    </>
  );
}

function Detail({ series }: { series: SeriesDetail }) {
  const { rule, template, reservations, skipped, by_status } = series;
  const [first] = reservations;
  const length = Date.parse(template.ends_at) - Date.parse(template.starts_at);
  const states = RESERVATION_STATUSES.filter((status) => by_status[status] > 0).map(
    (status) => `${by_status[status]} ${STATUS_WORDS[status].word.toLowerCase()}`,
  );
  return (
    <>
      <PageHeader
        title={series.title === "" ? `Series of ${gpusWords(template.gpu_count, first?.pool.gpu_type)}` : series.title}
        description={ruleWords(rule, template.starts_at)}
        breadcrumbs={BREADCRUMBS}
        actions={<CancelSeries series={series} />}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <Card>
            <CardHeader title="Reservations" description={`${listWords(states)}.`} />
            <ReservationTable reservations={reservations} zone={rule.time_zone} />
          </Card>
          {skipped.length === 0 ? null : (
            <Card>
              <CardHeader title="Left out" description="What could not be booked when the series was made." />
              <OccurrenceTable label="Left out" occurrences={skipped} rule={rule} skips={false} />
            </Card>
          )}
        </div>
        <Card className="px-4 py-1">
          <KeyValueList>
            <KeyValue label="GPUs">{gpusWords(template.gpu_count, first?.pool.gpu_type)}</KeyValue>
            <KeyValue label="Each time">{lengthWords(length)}</KeyValue>
            <KeyValue label="Clock">
              {rule.anchor === "utc" ? "The same time in UTC" : `The same time by the clocks of ${rule.time_zone}`}
            </KeyValue>
            <KeyValue label="Price">{creditsWords(series.total_micros)}</KeyValue>
            <KeyValue label="Booked by">{series.mine ? "You" : series.created_by.name}</KeyValue>
            <KeyValue label="Booked">
              <Timestamp value={series.created_at} date="always" />
            </KeyValue>
          </KeyValueList>
        </Card>
      </div>
    </>
  );
}

function ReservationTable({ reservations, zone }: { reservations: readonly Reservation[]; zone: string }) {
  return (
    <Table label="Reservations of the series">
      <THead>
        <TR>
          <TH>When</TH>
          <TH>Status</TH>
          <TH>Pool</TH>
          <TH align="end">Credits</TH>
        </TR>
      </THead>
      <TBody>
        {reservations.map((reservation) => (
          <TR key={reservation.id} interactive>
            <TD stackAs="title" className="md:whitespace-normal">
              <RowLink href={reservationHref(reservation.id)} prefetch={false} className="tabular-nums">
                {rangeWords(Date.parse(reservation.starts_at), Date.parse(reservation.ends_at), zone)}
              </RowLink>
            </TD>
            <TD label="Status">
              <ReservationStatus status={reservation.status} />
            </TD>
            <TD label="Pool" className="text-ink-muted">
              {reservation.pool.name}
            </TD>
            <TD label="Credits" align="end">
              {formatCredits(reservation.price.total_micros)}
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
