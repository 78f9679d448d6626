"use client";
import { Plus, ShieldCheck } from "lucide-react";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { SimulatedFault } from "@/lib/contracts/compute-faults";
import { useListFaultsQuery, useRemoveFaultMutation } from "@/store/instances-api";
import { ComputeTabs } from "./compute-tabs";
import { FaultDialog } from "./fault-dialog";
import { FAULT_WORDS, remainingWords } from "./fault-words";

/** How often, in ms, faults are read again: they are counted down as they happen. */
const POLL_MS = 5_000;

/** How the simulated provider is to fail, to see what happens then. */
export function FaultsScreen() {
  const query = useListFaultsQuery(undefined, { pollingInterval: POLL_MS, skipPollingIfUnfocused: true });
  const add = (
    <FaultDialog
      trigger={
        <Button variant="primary">
          <Plus aria-hidden="true" />
          Add fault
        </Button>
      }
    />
  );
  return (
    <>
      <PageHeader
        title="Faults"
        description="Let simulated machines fail, to see what your reservations, webhooks and people do then."
        actions={add}
      />
      <ComputeTabs />
      <Card>
        <CardHeader
          title="Faults in force"
          description="Of the simulated provider alone: machines of vast.ai and of your own are not touched."
        />
        {query.currentData === undefined ? (
          query.error ? (
            <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
          ) : (
            <SkeletonRows label="Loading the faults" rows={3} />
          )
        ) : query.currentData.length === 0 ? (
          <EmptyState icon={<ShieldCheck />} title="No faults">
            Simulated machines start, run and stop as they should.
          </EmptyState>
        ) : (
          <FaultTable faults={query.currentData} />
        )}
      </Card>
    </>
  );
}

function FaultTable({ faults }: { faults: readonly SimulatedFault[] }) {
  return (
    <Table label="Faults in force" density="relaxed">
      <THead>
        <TR>
          <TH>Fault</TH>
          <TH>Machine</TH>
          <TH>How often</TH>
          <TH>Added</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {faults.map((fault) => (
          <FaultRow key={fault.id} fault={fault} />
        ))}
      </TBody>
    </Table>
  );
}

function FaultRow({ fault }: { fault: SimulatedFault }) {
  const [remove] = useRemoveFaultMutation();
  const { word, effect } = FAULT_WORDS[fault.kind];
  const where = fault.node ?? "any machine";
  return (
    <TR>
      <TD stackAs="title" className="md:max-w-96 md:whitespace-normal!">
        {/* On phones a cell lays its children out side by side. */}
        <div className="min-w-0 py-1">
          <span className="block font-medium">{word}</span>
          <span className="block font-normal text-ink-muted text-xs">{effect}</span>
        </div>
      </TD>
      <TD label="Machine">
        {fault.node === null ? "Any" : <span className="break-all font-mono text-xs">{fault.node}</span>}
      </TD>
      <TD label="How often">{remainingWords(fault)}</TD>
      <TD label="Added">
        <span className="flex flex-col max-md:items-end">
          <RelativeTime value={fault.created_at} />
          <span className="text-ink-muted text-xs">{fault.created_by.name}</span>
        </span>
      </TD>
      <TD stackAs="full" align="end">
        <ConfirmDialog
          trigger={
            <Button size="sm" aria-label={`Remove: ${word}, ${where}`}>
              Remove
            </Button>
          }
          title={`Remove the fault “${word}”?`}
          description="From now on it does not happen any more. What it did stays done: instances that failed do not come back by themselves."
          confirmLabel="Remove fault"
          tone="primary"
          onConfirm={async () => {
            await remove({ faultId: fault.id }).unwrap();
            toast.success(`Fault removed: ${word}`);
          }}
          describeError={errorWords}
        />
      </TD>
    </TR>
  );
}
