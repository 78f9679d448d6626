"use client";
import { BellOff } from "lucide-react";
import { creditsWords, formatCredits } from "@/components/reservations/money-words";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Progress } from "@/components/ui/progress";
import { SkeletonRows } from "@/components/ui/skeleton";
import { StatusBadge } from "@/components/ui/status-badge";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { CostThreshold } from "@/lib/contracts/costs";
import { useDeleteCostThresholdMutation, useListCostThresholdsQuery } from "@/store/costs-api";
import { ThresholdDialog } from "./threshold-dialog";
import { PERIOD_WORDS } from "./words";

/** The amounts at which the project wants to hear of its cost. */
export function ThresholdsCard() {
  const { project, can } = useProject();
  const query = useListCostThresholdsQuery({ projectId: project.id });
  const mayManage = can("costs:manage");
  return (
    <Card>
      <CardHeader
        title="Thresholds"
        description="The event cost.threshold is sent once per period when its cost reaches the amount."
        actions={<ThresholdDialog mayManage={mayManage} />}
      />
      {query.currentData === undefined ? (
        query.error ? (
          <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <SkeletonRows rows={2} label="Loading thresholds" />
        )
      ) : query.currentData.length === 0 ? (
        <EmptyState icon={<BellOff />} title="No threshold yet">
          Set one, and a webhook that subscribes to cost.threshold tells your systems in time.
        </EmptyState>
      ) : (
        <Thresholds thresholds={query.currentData} mayManage={mayManage} />
      )}
    </Card>
  );
}

function Thresholds({ thresholds, mayManage }: { thresholds: readonly CostThreshold[]; mayManage: boolean }) {
  return (
    <Table label="Thresholds of cost" density="relaxed">
      <THead>
        <TR>
          <TH>Amount</TH>
          <TH>This period</TH>
          <TH>Reported</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {thresholds.map((threshold) => (
          <TR key={threshold.id}>
            <TD stackAs="title" className="font-medium">
              {creditsWords(threshold.amount_micros)} a {PERIOD_WORDS[threshold.period]}
            </TD>
            <TD label="This period">
              <span className="flex min-w-40 items-center gap-2">
                <Progress
                  value={Math.min(threshold.cost_micros, threshold.amount_micros)}
                  max={threshold.amount_micros}
                  label={`Cost of this ${PERIOD_WORDS[threshold.period]}`}
                  className="w-24"
                />
                <span className="tabular-nums">{formatCredits(threshold.cost_micros)}</span>
              </span>
            </TD>
            <TD label="Reported">
              {threshold.crossed_at === null ? (
                <span className="text-ink-muted">Not in this {PERIOD_WORDS[threshold.period]}</span>
              ) : (
                <span className="inline-flex flex-wrap items-center gap-2">
                  <StatusBadge tone="caution">Crossed</StatusBadge>
                  <Timestamp value={threshold.crossed_at} date="always" />
                </span>
              )}
            </TD>
            <TD stackAs={mayManage ? "full" : "hide"} align="end">
              {mayManage ? <DeleteButton threshold={threshold} /> : null}
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function DeleteButton({ threshold }: { threshold: CostThreshold }) {
  const { project } = useProject();
  const [remove] = useDeleteCostThresholdMutation();
  const words = `${creditsWords(threshold.amount_micros)} a ${PERIOD_WORDS[threshold.period]}`;
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="ghost" aria-label={`Delete the threshold of ${words}`}>
          Delete
        </Button>
      }
      title={`Delete the threshold of ${words}?`}
      description="Nobody is told any more when the cost reaches it. What was reported stays in the events."
      confirmLabel="Delete threshold"
      onConfirm={async () => {
        await remove({ projectId: project.id, thresholdId: threshold.id }).unwrap();
        toast.success("Threshold deleted");
      }}
      describeError={errorWords}
    />
  );
}
