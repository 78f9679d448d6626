"use client";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Disclosure } from "@/components/ui/disclosure";
import { IdText } from "@/components/ui/id-text";
import { JsonView } from "@/components/ui/json-view";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusBadge } from "@/components/ui/status-badge";
import type { ArtifactTask } from "@/lib/contracts/artifacts";
import type { WorkflowArtifact } from "@/lib/contracts/workflows";
import { sizeOf, taskWords } from "./words";

/** Artifacts as nested lists, each with the work of its processors and, when opened, its payload. */
export function ArtifactTree({ artifacts }: { artifacts: readonly WorkflowArtifact[] }) {
  const size = sizeOf(artifacts);
  return (
    <Card className="p-4">
      <Branch artifacts={artifacts} label={size === 1 ? "1 artifact" : `${size} artifacts`} />
    </Card>
  );
}

function Branch({ artifacts, label }: { artifacts: readonly WorkflowArtifact[]; label: string }) {
  return (
    <ul aria-label={label} className="flex min-w-0 flex-col gap-4">
      {artifacts.map((artifact) => (
        <li key={artifact.id} className="min-w-0">
          <Leaf artifact={artifact} />
          {artifact.children.length === 0 ? null : (
            <div className="mt-4 ml-2 border-line border-l pl-3 sm:pl-5">
              <Branch artifacts={artifact.children} label={`What ${artifact.type} led to`} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Leaf({ artifact }: { artifact: WorkflowArtifact }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {/* The time has a layer of its own to open, so it stands beside the button and not in it. */}
      <div className="flex min-w-0 items-start justify-between gap-3">
        <Disclosure
          open={isOpen}
          onOpenChange={setIsOpen}
          className="flex-1"
          title={
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="break-all font-mono">{artifact.type}</span>
              {artifact.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          }
          description={`Number ${artifact.sequence}, made by ${artifact.produced_by}`}
        >
          <div className="flex flex-col gap-2 pl-6">
            <IdText value={artifact.id} label="artifact id" full />
            <JsonView text={JSON.stringify(artifact.payload)} label={`Payload of ${artifact.type}`} maxHeight="20rem" />
          </div>
        </Disclosure>
        <span className="shrink-0 text-ink-muted text-xs">
          <RelativeTime value={artifact.created_at} />
        </span>
      </div>
      {artifact.tasks.length === 0 ? null : (
        <ul aria-label={`Processors of ${artifact.type}`} className="flex flex-col gap-1 pl-6">
          {artifact.tasks.map((task) => (
            <TaskRow key={task.processor} task={task} />
          ))}
        </ul>
      )}
    </div>
  );
}

function TaskRow({ task }: { task: ArtifactTask }) {
  const { word, tone } = taskWords(task);
  return (
    <li className="flex flex-wrap items-center gap-x-2 text-xs">
      <StatusBadge tone={tone}>{word}</StatusBadge>
      <span className="text-ink-muted">{task.name}</span>
      {task.error === null ? null : <span className="min-w-0 break-words text-ink-muted">{task.error}</span>}
    </li>
  );
}
