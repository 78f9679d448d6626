"use client";
import { Blocks, Plus } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { StatusBadge } from "@/components/ui/status-badge";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { Processor, ProcessorWithSecret } from "@/lib/contracts/processors";
import { useDeleteProcessorMutation, useListProcessorsQuery } from "@/store/workflows-api";
import { ProcessorDialog } from "./processor-dialog";
import { WorkflowTabs } from "./workflow-tabs";

/** What makes further artifacts of artifacts: built in, or the project's own. */
export function ProcessorsScreen() {
  const { project, can } = useProject();
  const query = useListProcessorsQuery({ projectId: project.id });
  const [edited, setEdited] = useState<Processor | "new" | null>(null);
  const [removed, setRemoved] = useState<Processor | null>(null);
  const [made, setMade] = useState<ProcessorWithSecret | null>(null);
  const mayChange = can("artifacts:write");
  const processors = query.currentData;
  return (
    <>
      <PageHeader
        title="Processors"
        description="Each is given the artifacts of its types and makes further artifacts of them."
        actions={
          mayChange ? (
            <Button variant="primary" onClick={() => setEdited("new")}>
              <Plus aria-hidden="true" />
              Register processor
            </Button>
          ) : undefined
        }
      />
      <WorkflowTabs />
      <Card>
        {processors !== undefined ? (
          <ul aria-label="Processors" className="divide-y divide-line">
            {processors.map((processor) => (
              <ProcessorRow
                key={processor.id}
                processor={processor}
                mayChange={mayChange}
                onEdit={() => setEdited(processor)}
                onDelete={() => setRemoved(processor)}
              />
            ))}
          </ul>
        ) : query.error === undefined || query.isFetching ? (
          <SkeletonRows label="Loading processors" rows={3} />
        ) : (
          <LoadError error={query.error} onRetry={() => void query.refetch()} />
        )}
      </Card>
      <ProcessorDialog
        processor={edited === "new" ? null : edited}
        open={edited !== null}
        onClose={() => setEdited(null)}
        onMade={setMade}
      />
      <MadeDialog processor={made} onStored={() => setMade(null)} />
      <DeleteDialog processor={removed} onClose={() => setRemoved(null)} />
    </>
  );
}

type RowProps = { processor: Processor; mayChange: boolean; onEdit: () => void; onDelete: () => void };

function ProcessorRow({ processor, mayChange, onEdit, onDelete }: RowProps) {
  const { name, built_in, url, description, artifact_types, enabled, has_secret } = processor;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-4 py-3">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="min-w-0 break-words font-medium text-sm">{name}</h2>
          {built_in ? <Badge icon={<Blocks aria-hidden="true" />}>Built in</Badge> : null}
          {built_in ? null : (
            <span className="text-xs">
              <StatusBadge tone={enabled ? "positive" : "off"}>{enabled ? "Enabled" : "Disabled"}</StatusBadge>
            </span>
          )}
        </div>
        {description === "" ? null : <p className="text-ink-muted text-sm">{description}</p>}
        {url === null ? null : (
          <p className="break-all text-ink-muted text-xs">
            <span className="font-mono">{url}</span> · {has_secret ? "signed" : "unsigned"}
          </p>
        )}
        <p className="flex flex-wrap items-center gap-1 text-ink-muted text-xs">
          Wants
          {artifact_types.map((type) => (
            <Badge key={type} mono>
              {type}
            </Badge>
          ))}
        </p>
      </div>
      {built_in || !mayChange ? null : (
        <div className="flex gap-2">
          <Button size="sm" onClick={onEdit} aria-label={`Edit ${name}`}>
            Edit
          </Button>
          <Button size="sm" onClick={onDelete} aria-label={`Delete ${name}`}>
            Delete
          </Button>
        </div>
      )}
    </li>
  );
}

/** Shows the secret once. */
function MadeDialog({ processor, onStored }: { processor: ProcessorWithSecret | null; onStored: () => void }) {
  return (
    <Dialog
      open={processor?.secret !== undefined && processor.secret !== null}
      dismissible={false}
      title={`Signing secret of ${processor?.name ?? ""}`}
      description="It is shown only now. Calls are signed with it as webhooks are; store it where your processor reads it."
    >
      <DialogBody>
        <CodeBlock code={processor?.secret ?? ""} label="Signing secret" copyLabel="Copy secret" wrap />
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onStored}>
          I have stored it
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function DeleteDialog({ processor, onClose }: { processor: Processor | null; onClose: () => void }) {
  const { project } = useProject();
  const [remove] = useDeleteProcessorMutation();
  return (
    <ConfirmDialog
      open={processor !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Delete this processor?"
      description={`${processor?.name ?? ""} is not called any more, and what waits for it is recorded as failed. The artifacts that it made stay. This cannot be undone.`}
      confirmLabel="Delete processor"
      onConfirm={async () => {
        if (!processor) return;
        await remove({ projectId: project.id, processorId: processor.id }).unwrap();
        toast.success(`${processor.name} deleted`);
      }}
      describeError={errorWords}
    />
  );
}
