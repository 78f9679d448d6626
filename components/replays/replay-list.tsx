"use client";
import { History, Plus } from "lucide-react";
import Link from "next/link";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowActions, RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { Replay } from "@/lib/contracts/replays";
import { useListReplaysInfiniteQuery } from "@/store/replays-api";
import { newReplayHref, replayHref } from "./links";
import { ReplayBar } from "./replay-bar";
import { ReplayStatus } from "./replay-status";
import { KIND_WORDS } from "./words";

/** The project's replays, newest first. */
export function ReplayList() {
  const { project } = useProject();
  const query = useListReplaysInfiniteQuery({ projectId: project.id });
  return (
    <>
      <PageHeader
        title="Replays"
        description="Send again what failed, or what a webhook never got."
        actions={
          <Button asChild variant="primary">
            <Link href={newReplayHref({})}>
              <Plus aria-hidden="true" />
              New replay
            </Link>
          </Button>
        }
      />
      <Card>
        <PagedList
          query={query}
          noun={["replay", "replays"]}
          loading="Loading replays"
          empty={
            <EmptyState
              icon={<History />}
              title="No replays yet"
              actions={
                <Button asChild variant="primary">
                  <Link href={newReplayHref({})}>New replay</Link>
                </Button>
              }
            >
              After an outage of a receiver, a replay sends again what failed or was missed: counted before, at a rate
              that you choose, and stopped whenever you like.
            </EmptyState>
          }
        >
          {(replays) => <ReplayTable replays={replays} />}
        </PagedList>
      </Card>
    </>
  );
}

function ReplayTable({ replays }: { replays: readonly Replay[] }) {
  return (
    <Table label="Replays, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Replay</TH>
          <TH>Status</TH>
          <TH>Progress</TH>
          <TH align="end">Queued</TH>
          <TH align="end">Delivered</TH>
          <TH align="end">Failed</TH>
          <TH>Range from</TH>
          <TH align="end">Started</TH>
        </TR>
      </THead>
      <TBody>
        {replays.map((replay) => (
          <TR key={replay.id} interactive>
            <TD stackAs="title">
              <RowLink href={replayHref(replay.id)} prefetch={false} className="font-medium">
                {KIND_WORDS[replay.kind].label}
              </RowLink>
            </TD>
            <TD label="Status">
              <ReplayStatus replay={replay} />
            </TD>
            <TD stackAs="full" className="min-w-32">
              <ReplayBar replay={replay} slim />
            </TD>
            <TD label="Queued" align="end">
              {formatNumber(replay.queued)} of {formatNumber(replay.total)}
            </TD>
            <TD label="Delivered" align="end">
              {formatNumber(replay.outcome.delivered)}
            </TD>
            <TD label="Failed" align="end" className={replay.outcome.failed > 0 ? "text-danger" : ""}>
              {formatNumber(replay.outcome.failed)}
            </TD>
            <TD label="Range from" className="text-ink-muted">
              <RowActions>
                <Timestamp value={replay.from} />
              </RowActions>
            </TD>
            <TD stackAs="corner" align="end" className="text-ink-muted">
              <RowActions>
                <RelativeTime value={replay.created_at} />
              </RowActions>
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
