"use client";
import { Search, Server, X } from "lucide-react";
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { InstanceStatus } from "@/components/instances/instance-status";
import { AddressCell, BootsCell, NodeName, RanCell } from "@/components/instances/instance-table";
import { StatusPicker } from "@/components/instances/status-picker";
import { gpusWords } from "@/components/reservations/words";
import { PagedList } from "@/components/shell/paged-list";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterPicker } from "@/components/ui/filter-picker";
import { PageHeader } from "@/components/ui/page-header";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { type AdminInstance, INSTANCE_STATUSES } from "@/lib/contracts/instances";
import { useListAdminProjectsInfiniteQuery } from "@/store/fleet-api";
import { type AdminInstanceFilter, useListAllInstancesInfiniteQuery } from "@/store/instances-api";
import { useListPoolsQuery } from "@/store/reservations-api";
import { ComputeTabs } from "./compute-tabs";
import { InstanceLogDialog } from "./instance-log-dialog";

/** How often, in ms, the list is read again: the live stream tells of one project alone. */
const POLL_MS = 5_000;

const PARAMETERS = {
  status: parseAsArrayOf(parseAsStringLiteral(INSTANCE_STATUSES)).withDefault([]),
  pool_id: parseAsString.withDefault(""),
  project_id: parseAsString.withDefault(""),
};
const NO_FILTER = { status: [], pool_id: "", project_id: "" };

/** The instances of all projects, newest first. */
export function AdminInstancesScreen() {
  const [values, setValues] = useQueryStates(PARAMETERS, { history: "push" });
  const { status, pool_id, project_id } = values;
  const filter = useMemo(
    (): AdminInstanceFilter => ({
      ...(status.length > 0 && { status: status.join(",") }),
      ...(pool_id !== "" && { pool_id }),
      ...(project_id !== "" && { project_id }),
    }),
    [status, pool_id, project_id],
  );
  const isFiltered = Object.keys(filter).length > 0;
  const query = useListAllInstancesInfiniteQuery(
    { filter },
    { pollingInterval: POLL_MS, skipPollingIfUnfocused: true },
  );
  const pools = usePoolOptions();
  const projects = useProjectOptions(project_id);
  return (
    <>
      <PageHeader title="All instances" description="What runs, and ran, on the GPUs of all pools, for all projects." />
      <ComputeTabs />
      <search className="flex flex-wrap items-center gap-2">
        <StatusPicker selected={status} onChange={(chosen) => void setValues({ status: chosen })} />
        <FilterPicker
          label="Pool"
          options={pools ?? []}
          selected={pool_id === "" ? [] : [pool_id]}
          onChange={([chosen = ""]) => void setValues({ pool_id: chosen })}
          empty={pools === undefined ? "Loading…" : "There are no pools."}
        />
        <FilterPicker
          label="Project"
          options={projects}
          selected={project_id === "" ? [] : [project_id]}
          onChange={([chosen = ""]) => void setValues({ project_id: chosen })}
          typed={(text) => ({ value: text, label: text, hint: "The project with this id" })}
        />
        {isFiltered ? (
          <Button variant="ghost" size="sm" onClick={() => void setValues(NO_FILTER)}>
            <X aria-hidden="true" />
            Clear filters
          </Button>
        ) : null}
      </search>
      <Card>
        <PagedList
          query={query}
          noun={["instance", "instances"]}
          loading="Loading the instances"
          empty={
            isFiltered ? (
              <EmptyState
                icon={<Search />}
                title="No instance matches these filters"
                actions={<Button onClick={() => void setValues(NO_FILTER)}>Clear filters</Button>}
              />
            ) : (
              <EmptyState icon={<Server />} title="No instances yet">
                They start when a reservation of any project does.
              </EmptyState>
            )
          }
        >
          {(rows) => <AdminInstanceTable rows={rows} />}
        </PagedList>
      </Card>
    </>
  );
}

function usePoolOptions() {
  const { data } = useListPoolsQuery();
  return data?.data.map(({ id, name, gpu_type, region }) => ({
    value: id,
    label: name,
    hint: `${gpu_type.name} · ${region}`,
  }));
}

/** The newest projects; any other is typed by its id. */
function useProjectOptions(chosen: string) {
  const { currentData } = useListAdminProjectsInfiniteQuery({});
  const options = currentData?.pages.flatMap(({ data }) =>
    data.map(({ id, name }) => ({ value: id, label: name, hint: id })),
  );
  const known = options ?? [];
  if (chosen === "" || known.some(({ value }) => value === chosen)) return known;
  return [{ value: chosen, label: chosen, hint: undefined }, ...known];
}

function AdminInstanceTable({ rows }: { rows: readonly AdminInstance[] }) {
  return (
    <Table label="Instances of all projects, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Status</TH>
          <TH>Instance</TH>
          <TH>Project</TH>
          <TH>Pool</TH>
          <TH>GPUs</TH>
          <TH>Boots</TH>
          <TH>Since</TH>
          <TH>Address</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {rows.map((row) => (
          <TR key={row.id}>
            <TD stackAs="corner">
              <InstanceStatus status={row.status} />
            </TD>
            <TD stackAs="title" className="md:max-w-64">
              <div className="min-w-0">
                <span className="block truncate font-medium max-md:whitespace-normal">{row.name}</span>
                <NodeName>{row.node}</NodeName>
                {row.failure === null ? null : (
                  <span className="block font-normal text-caution text-xs md:whitespace-normal">{row.failure}</span>
                )}
              </div>
            </TD>
            <TD label="Project" className="md:max-w-44 md:truncate">
              {row.project.name}
            </TD>
            <TD label="Pool" className="md:max-w-44 md:truncate">
              {row.pool.name}
            </TD>
            <TD label="GPUs">{gpusWords(row.gpu_count, row.pool.gpu_type)}</TD>
            <TD label="Boots" className="md:max-w-48">
              <BootsCell instance={row} />
            </TD>
            <TD label="Since">
              <RanCell instance={row} />
            </TD>
            <TD label="Address" className="md:max-w-52">
              <AddressCell instance={row} />
            </TD>
            <TD stackAs="full" align="end">
              <InstanceLogDialog instance={row} />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
