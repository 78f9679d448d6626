"use client";
import { CalendarPlus, Search, Server, X } from "lucide-react";
import Link from "next/link";
import { RESERVATIONS } from "@/components/reservations/links";
import { rangeWords } from "@/components/reservations/time-words";
import { useReaderZone } from "@/components/reservations/use-reader-zone";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterPicker, type PickerOption } from "@/components/ui/filter-picker";
import { PageHeader } from "@/components/ui/page-header";
import type { Reservation } from "@/lib/contracts/reservations";
import { useListInstancesInfiniteQuery } from "@/store/instances-api";
import { InstanceTable } from "./instance-table";
import { StatusPicker } from "./status-picker";
import { type InstanceFilterValues, NO_INSTANCE_FILTER, useInstanceFilter } from "./use-instance-filter";
import { useReservationNames } from "./use-reservation-names";

/** The project's instances, newest first, live. */
export function InstanceList() {
  const { can } = useProject();
  return (
    <>
      <PageHeader
        title="Instances"
        description="What runs on the GPUs of your reservations: one on each machine, from their start to their end."
      />
      {can("instances:read") ? (
        <Instances />
      ) : (
        <Alert tone="info" title="Your role does not show instances">
          Ask an owner or admin of this project for a role that can see them.
        </Alert>
      )}
    </>
  );
}

function Instances() {
  const { project } = useProject();
  const { values, filter, setFilter, isFiltered } = useInstanceFilter();
  const query = useListInstancesInfiniteQuery({ projectId: project.id, filter });
  const { reservations, reservationName } = useReservationNames();
  return (
    <>
      <Filters
        values={values}
        isFiltered={isFiltered}
        onChange={setFilter}
        reservations={reservations}
        reservationName={reservationName}
      />
      <Card>
        <PagedList
          query={query}
          noun={["instance", "instances"]}
          loading="Loading instances"
          empty={
            isFiltered ? (
              <EmptyState
                icon={<Search />}
                title="No instance matches these filters"
                actions={<Button onClick={() => setFilter(NO_INSTANCE_FILTER)}>Clear filters</Button>}
              >
                A reservation has instances from its start on.
              </EmptyState>
            ) : (
              <EmptyState
                icon={<Server />}
                title="No instances yet"
                actions={
                  <Button asChild>
                    <Link href={RESERVATIONS}>
                      <CalendarPlus aria-hidden="true" />
                      Reservations
                    </Link>
                  </Button>
                }
              >
                When a reservation starts, its instances start by themselves, with the configuration that it names.
              </EmptyState>
            )
          }
        >
          {(instances) => <InstanceTable instances={instances} reservationName={reservationName} />}
        </PagedList>
      </Card>
    </>
  );
}

type FiltersProps = {
  values: InstanceFilterValues;
  isFiltered: boolean;
  onChange: (changes: Partial<InstanceFilterValues>) => void;
  reservations: readonly Reservation[] | undefined;
  reservationName: (id: string) => string;
};

function Filters({ values, isFiltered, onChange, reservations, reservationName }: FiltersProps) {
  const zone = useReaderZone();
  const chosen = values.reservation_id;
  const options: PickerOption[] = (reservations ?? []).map(({ id, starts_at, ends_at }) => ({
    value: id,
    label: reservationName(id),
    hint: rangeWords(Date.parse(starts_at), Date.parse(ends_at), zone),
  }));
  const isKnown = chosen === "" || options.some(({ value }) => value === chosen);
  return (
    <search className="flex flex-wrap items-center gap-2">
      <StatusPicker selected={values.status} onChange={(status) => onChange({ status })} />
      <FilterPicker
        label="Reservation"
        options={isKnown ? options : [{ value: chosen, label: reservationName(chosen) }, ...options]}
        selected={chosen === "" ? [] : [chosen]}
        onChange={([reservation_id = ""]) => onChange({ reservation_id })}
        empty="No reservation has begun yet."
      />
      {isFiltered ? (
        <Button variant="ghost" size="sm" onClick={() => onChange(NO_INSTANCE_FILTER)}>
          <X aria-hidden="true" />
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}
