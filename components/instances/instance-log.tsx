"use client";
import { CircleX, Info, TriangleAlert } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { StatusBadge, type StatusTone } from "@/components/ui/status-badge";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { InstanceLogLine } from "@/lib/contracts/instances";
import { useListInstanceLogsInfiniteQuery } from "@/store/instances-api";
import { LEVEL_WORDS } from "./words";

const LOOKS: Readonly<Record<InstanceLogLine["level"], { tone: StatusTone; icon: ReactNode }>> = {
  info: { tone: "waiting", icon: <Info /> },
  warning: { tone: "caution", icon: <TriangleAlert /> },
  error: { tone: "danger", icon: <CircleX /> },
};

/** Told by the message, or by the life cycle. */
const UNSAID = new Set(["status", "by"]);

/** What happened to an instance, newest first, live. */
export function InstanceLog({ instanceId }: { instanceId: string }) {
  const { project } = useProject();
  const query = useListInstanceLogsInfiniteQuery({ projectId: project.id, instanceId });
  return (
    <Card>
      <CardHeader title="Log" description="What happened to it, newest first." />
      <LogLines query={query} />
    </Card>
  );
}

type LogLinesProps = { query: ComponentProps<typeof PagedList<InstanceLogLine>>["query"] };

/** The lines as far as they were read, and the way to more. */
export function LogLines({ query }: LogLinesProps) {
  return (
    <PagedList
      query={query}
      noun={["line", "lines"]}
      loading="Loading the log"
      loadingRows={4}
      empty={<EmptyState icon={<Info />} title="Nothing is in its log" />}
    >
      {(lines) => (
        <Table label="Log, newest first">
          <THead>
            <TR>
              <TH>Time</TH>
              <TH>Level</TH>
              <TH>What happened</TH>
            </TR>
          </THead>
          <TBody>
            {lines.map((line) => (
              <LogRow key={line.id} line={line} />
            ))}
          </TBody>
        </Table>
      )}
    </PagedList>
  );
}

function LogRow({ line: { at, level, message, details } }: { line: InstanceLogLine }) {
  const { tone, icon } = LOOKS[level];
  const facts = Object.entries(details).filter(([name]) => !UNSAID.has(name));
  return (
    <TR>
      <TD label="Time" className="text-ink-muted">
        <Timestamp value={at} date="always" />
      </TD>
      <TD stackAs="corner">
        <StatusBadge tone={tone} icon={icon}>
          {LEVEL_WORDS[level]}
        </StatusBadge>
      </TD>
      <TD stackAs="title" className="w-full whitespace-normal! py-1.5">
        {/* On phones a cell lays its children out side by side. */}
        <div className="min-w-0">
          <span className="block font-normal text-ink [overflow-wrap:anywhere]">{message}</span>
          {facts.length === 0 ? null : (
            <span className="flex flex-wrap gap-x-3 font-mono font-normal text-ink-muted text-xs [overflow-wrap:anywhere]">
              {facts.map(([name, value]) => (
                <span key={name}>
                  {name}={typeof value === "string" ? value : JSON.stringify(value)}
                </span>
              ))}
            </span>
          )}
        </div>
      </TD>
    </TR>
  );
}
