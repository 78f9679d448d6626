"use client";
import { Camera, CircleX, Hourglass } from "lucide-react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Card, CardHeader } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatBytes } from "@/components/ui/format";
import { StatusBadge } from "@/components/ui/status-badge";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { InstanceDetail } from "@/lib/contracts/instances";
import type { Snapshot } from "@/lib/contracts/snapshots";
import { useListInstanceSnapshotsInfiniteQuery } from "@/store/instances-api";
import { SNAPSHOT_WORDS, TRIGGER_WORDS } from "./words";

/** The snapshots of an instance, newest first, live. */
export function InstanceSnapshots({ instance }: { instance: InstanceDetail }) {
  const { project } = useProject();
  const query = useListInstanceSnapshotsInfiniteQuery({ projectId: project.id, instanceId: instance.id });
  return (
    <Card>
      <CardHeader title="Snapshots" description="What was on its disk, stored where it can be restored from." />
      <PagedList
        query={query}
        noun={["snapshot", "snapshots"]}
        loading="Loading the snapshots"
        loadingRows={2}
        empty={
          <EmptyState icon={<Camera />} title="No snapshots yet" className="py-8">
            Take one while it runs, or let its reservation take one before its end.
          </EmptyState>
        }
      >
        {(snapshots) => <SnapshotTable snapshots={snapshots} />}
      </PagedList>
    </Card>
  );
}

function SnapshotTable({ snapshots }: { snapshots: readonly Snapshot[] }) {
  return (
    <Table label="Snapshots, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Status</TH>
          <TH>Snapshot</TH>
          <TH align="end">Size</TH>
          <TH>Taken</TH>
          <TH>Where</TH>
          <TH>Checksums</TH>
        </TR>
      </THead>
      <TBody>
        {snapshots.map((snapshot) => (
          <SnapshotRow key={snapshot.id} snapshot={snapshot} />
        ))}
      </TBody>
    </Table>
  );
}

function SnapshotRow({ snapshot }: { snapshot: Snapshot }) {
  const { word, tone } = SNAPSHOT_WORDS[snapshot.status];
  const checksums = Object.entries(snapshot.checksums);
  return (
    <TR>
      <TD stackAs="corner">
        <StatusBadge
          tone={tone}
          icon={
            snapshot.status === "requested" ? <Hourglass /> : snapshot.status === "failed" ? <CircleX /> : undefined
          }
        >
          {word}
        </StatusBadge>
      </TD>
      <TD stackAs="title" className="md:max-w-72 md:whitespace-normal!">
        {/* On phones a cell lays its children out side by side. */}
        <div className="min-w-0 py-1">
          <span className="block font-medium [overflow-wrap:anywhere]">{snapshot.name || "Unnamed"}</span>
          <span className="block font-normal text-ink-muted text-xs">
            {TRIGGER_WORDS[snapshot.trigger]}
            {snapshot.trigger === "manual" ? `, ${snapshot.created_by.name}` : ""}
          </span>
          {snapshot.failure === null ? null : (
            <span className="block font-normal text-danger text-xs">{snapshot.failure}</span>
          )}
        </div>
      </TD>
      <TD label="Size" align="end">
        {snapshot.size_bytes === null ? "–" : formatBytes(snapshot.size_bytes)}
      </TD>
      <TD label="Taken">
        <Timestamp value={snapshot.completed_at ?? snapshot.created_at} date="always" />
      </TD>
      <TD label="Where" className="md:max-w-56">
        {snapshot.location === null ? (
          <span className="text-ink-muted">–</span>
        ) : (
          <Copied text={snapshot.location} label="Copy where it is" />
        )}
      </TD>
      <TD label="Checksums" className="md:max-w-64">
        {checksums.length === 0 ? (
          <span className="text-ink-muted">–</span>
        ) : (
          <ul className="flex min-w-0 flex-col">
            {checksums.map(([file, checksum]) => (
              <li key={file} className="min-w-0">
                <Copied text={checksum} shown={file} label={`Copy the checksum of ${file}`} />
              </li>
            ))}
          </ul>
        )}
      </TD>
    </TR>
  );
}

type CopiedProps = { text: string; shown?: string | undefined; label: string };

function Copied({ text, shown = text, label }: CopiedProps) {
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-0.5">
      <span className="min-w-0 truncate font-mono text-xs" title={text}>
        {shown}
      </span>
      <CopyButton value={text} label={label} />
    </span>
  );
}
