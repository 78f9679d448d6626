"use client";
import { ClipboardCheck, Plus } from "lucide-react";
import { PagedList } from "@/components/shell/paged-list";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Evaluation } from "@/lib/contracts/evaluations";
import { useListEvaluationsInfiniteQuery } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { EvaluationDialog } from "./evaluation-dialog";
import { versionWords } from "./words";

const TONES = { running: "accent", completed: "positive", failed: "danger" } as const;

/** What tests and measurements said of versions. */
export function EvaluationsScreen() {
  const { config, arg, blocked } = useConfig();
  const query = useListEvaluationsInfiniteQuery(arg);
  const hasVersion = config.variants.some(({ head }) => head > 0);
  const add = (
    <EvaluationDialog
      trigger={
        <GuardedButton size="sm" blocked={blocked ?? (hasVersion ? undefined : "Commit a version first.")}>
          <Plus aria-hidden="true" />
          Add evaluation
        </GuardedButton>
      }
    />
  );
  return (
    <Card>
      <CardHeader
        title="Evaluations"
        description="Scores of versions, from your tests or by hand. A completed one stays as it is."
        actions={add}
      />
      <PagedList
        query={query}
        noun={["evaluation", "evaluations"]}
        loading="Loading evaluations"
        empty={
          <EmptyState icon={<ClipboardCheck />} title="No evaluations yet" className="py-8">
            Record what a test or a measurement said of a version, here or by the API.
          </EmptyState>
        }
      >
        {(evaluations) => <EvaluationTable evaluations={evaluations} />}
      </PagedList>
    </Card>
  );
}

function EvaluationTable({ evaluations }: { evaluations: readonly Evaluation[] }) {
  const { blocked } = useConfig();
  return (
    <Table label="Evaluations, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Evaluation</TH>
          <TH>Version</TH>
          <TH>Status</TH>
          <TH align="end">Score</TH>
          <TH className="w-1/3">Metrics</TH>
          <TH>When</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {evaluations.map((evaluation) => (
          <TR key={evaluation.id}>
            <TD stackAs="title">
              <div className="min-w-0">
                {evaluation.name}
                {evaluation.note === "" ? null : (
                  <span className="block max-w-80 truncate font-normal text-ink-muted text-xs">{evaluation.note}</span>
                )}
              </div>
            </TD>
            <TD label="Version" mono>
              {versionWords(evaluation.version)}
            </TD>
            <TD label="Status">
              <Badge tone={TONES[evaluation.status]}>{evaluation.status}</Badge>
            </TD>
            <TD label="Score" align="end">
              {evaluation.score === null ? "–" : scoreWords(evaluation.score)}
            </TD>
            <TD label="Metrics" className="text-ink-muted text-xs md:whitespace-normal">
              {Object.entries(evaluation.metrics)
                .map(([name, value]) => `${name} ${formatNumber(value)}`)
                .join(", ") || "–"}
            </TD>
            <TD label="When" className="text-ink-muted">
              <RelativeTime value={evaluation.completed_at ?? evaluation.created_at} />
            </TD>
            <TD stackAs="full" align="end">
              {evaluation.status === "running" ? (
                <EvaluationDialog
                  evaluation={evaluation}
                  trigger={
                    <GuardedButton size="sm" variant="ghost" blocked={blocked} aria-label={`Finish ${evaluation.name}`}>
                      Finish
                    </GuardedButton>
                  }
                />
              ) : null}
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

/** Scores are often between 0 and 1: three places at least. */
function scoreWords(score: number): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 4 }).format(score);
}
