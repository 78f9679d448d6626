"use client";
import { Repeat } from "lucide-react";
import Link from "next/link";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowActions, RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Series } from "@/lib/contracts/series";
import { useListSeriesInfiniteQuery } from "@/store/series-api";
import { formatCredits } from "../money-words";
import { ReservationTabs } from "../reservation-tabs";
import { gpusWords } from "../words";
import { newSeriesHref, seriesHref } from "./links";
import { ruleWords } from "./words";

/** The project's series, newest first. */
export function SeriesList() {
  const { project } = useProject();
  const query = useListSeriesInfiniteQuery({ projectId: project.id });
  const create = (
    <Button asChild variant="primary">
      <Link href={newSeriesHref()}>
        <Repeat aria-hidden="true" />
        Repeat a booking
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader title="Series" description="Bookings that repeat every day or week." actions={create} />
      <ReservationTabs />
      <Card>
        <PagedList
          query={query}
          noun={["series", "series"]}
          loading="Loading the series"
          empty={
            <EmptyState icon={<Repeat />} title="No series yet" actions={create}>
              Book the same GPUs every night or every Monday at once, and see each time before you do.
            </EmptyState>
          }
        >
          {(series) => <SeriesTable series={series} />}
        </PagedList>
      </Card>
    </>
  );
}

function SeriesTable({ series }: { series: readonly Series[] }) {
  return (
    <Table label="Series, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Series</TH>
          <TH>Rule</TH>
          <TH align="end">To come</TH>
          <TH align="end">Reservations</TH>
          <TH align="end">Credits</TH>
          <TH align="end">Booked</TH>
        </TR>
      </THead>
      <TBody>
        {series.map((one) => (
          <TR key={one.id} interactive>
            <TD stackAs="title">
              <RowLink href={seriesHref(one.id)} prefetch={false} className="font-medium">
                {one.title === "" ? gpusWords(one.template.gpu_count) : one.title}
              </RowLink>
            </TD>
            <TD stackAs="full" className="text-ink-muted md:whitespace-normal">
              {ruleWords(one.rule, one.template.starts_at)}
            </TD>
            <TD label="To come" align="end">
              {one.by_status.held + one.by_status.confirmed}
            </TD>
            <TD label="Reservations" align="end">
              {one.reservation_count}
            </TD>
            <TD label="Credits" align="end">
              {formatCredits(one.total_micros)}
            </TD>
            <TD stackAs="corner" align="end" className="text-ink-muted">
              <RowActions>
                <RelativeTime value={one.created_at} />
              </RowActions>
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
