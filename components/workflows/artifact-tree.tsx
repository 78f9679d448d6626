"use client";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";
import { formatNumber } from "@/components/ui/format";
import { IdText } from "@/components/ui/id-text";
import { JsonView } from "@/components/ui/json-view";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusBadge } from "@/components/ui/status-badge";
import type { ArtifactTask } from "@/lib/contracts/artifacts";
import type { WorkflowArtifact } from "@/lib/contracts/workflows";
import { artifactsWords, sizeOf, taskWords } from "./words";

/**
 * Artifacts as nested lists, each with the work of its processors and, when opened, its payload. Lists rather than a tree
 * of ARIA, whose items can hold nothing to press: payloads open, ids are copied, branches fold.
 */
export function ArtifactTree({ artifacts }: { artifacts: readonly WorkflowArtifact[] }) {
  return (
    <div className="border-line border-b p-4">
      <Branch artifacts={artifacts} label={artifactsWords(sizeOf(artifacts))} />
    </div>
  );
}

function Branch({ artifacts, label }: { artifacts: readonly WorkflowArtifact[]; label: string }) {
  return (
    <ul aria-label={label} className="flex min-w-0 flex-col gap-4">
      {artifacts.map((artifact) => (
        <li key={artifact.id} className="min-w-0">
          <Leaf artifact={artifact} />
          {artifact.children.length === 0 ? null : <LedTo artifact={artifact} />}
        </li>
      ))}
    </ul>
  );
}

/** What an artifact led to; can be folded away. */
function LedTo({ artifact: { type, sequence, children } }: { artifact: WorkflowArtifact }) {
  const [isShown, setIsShown] = useState(true);
  const id = useId();
  const Icon = isShown ? ChevronDown : ChevronRight;
  return (
    <div className="mt-2 pl-3.5">
      <Button
        size="sm"
        variant="ghost"
        aria-expanded={isShown}
        aria-controls={id}
        aria-label={`Led to ${artifactsWords(sizeOf(children))}: what number ${sequence} led to`}
        onClick={() => setIsShown(!isShown)}
      >
        <Icon aria-hidden="true" />
        Led to {formatNumber(sizeOf(children))}
      </Button>
      <div id={id} hidden={!isShown} className="mt-2 border-line border-l pl-3 sm:pl-5">
        <Branch artifacts={children} label={`What number ${sequence}, ${type}, led to`} />
      </div>
    </div>
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
          {/* Hundreds of payloads are only drawn when they are looked at. */}
          {isOpen ? (
            <div className="flex flex-col gap-2 pl-6">
              <IdText value={artifact.id} label="artifact id" full />
              <JsonView
                text={JSON.stringify(artifact.payload)}
                label={`Payload of ${artifact.type}`}
                maxHeight="20rem"
              />
            </div>
          ) : null}
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
