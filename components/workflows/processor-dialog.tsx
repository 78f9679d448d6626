"use client";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { CheckboxField } from "@/components/ui/checkbox";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { PROCESSOR_LIMITS, type Processor, type ProcessorWithSecret } from "@/lib/contracts/processors";
import { fieldErrors } from "@/store/api-error";
import { useCreateProcessorMutation, useUpdateProcessorMutation } from "@/store/workflows-api";
import { listOf } from "./words";

export type ProcessorDialogProps = {
  /** The one to edit; null: a new one. */
  processor: Processor | null;
  open: boolean;
  onClose: () => void;
  onMade: (processor: ProcessorWithSecret) => void;
};

export function ProcessorDialog({ processor, open, onClose, onMade }: ProcessorDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={processor === null ? "Register a processor" : `Edit ${processor.name}`}
      description="It is called with each artifact of its types, and answers with those that it makes of it."
    >
      <ProcessorForm processor={processor} onClose={onClose} onMade={onMade} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function ProcessorForm({ processor, onClose, onMade }: Omit<ProcessorDialogProps, "open">) {
  const { project } = useProject();
  const [create, creating] = useCreateProcessorMutation();
  const [update, updating] = useUpdateProcessorMutation();
  const [name, setName] = useState(processor?.name ?? "");
  const [types, setTypes] = useState(processor?.artifact_types.join(", ") ?? "");
  const [url, setUrl] = useState(processor?.url ?? "");
  const [enabled, setEnabled] = useState(processor?.enabled ?? true);
  const [isTried, setIsTried] = useState(false);
  const error = creating.error ?? updating.error;
  const refused = fieldErrors(error);
  const problemOf = (field: string, value: string, words: string) =>
    isTried && value.trim() === "" ? words : refused.find((problem) => problem.field.startsWith(field))?.message;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    const body = { name: name.trim(), artifact_types: listOf(types), url: url.trim(), enabled };
    if (body.name === "" || body.artifact_types.length === 0 || body.url === "") return;
    if (processor === null) {
      const { data } = await create({ projectId: project.id, body });
      if (!data) return;
      onMade(data);
    } else {
      const { data } = await update({ projectId: project.id, processorId: processor.id, body });
      if (!data) return;
      toast.success(`${data.name} changed`);
    }
    onClose();
  };
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody>
        <Field label="Name" required error={problemOf("name", name, "Give it a name")}>
          <Input
            value={name}
            maxLength={PROCESSOR_LIMITS.nameLength}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label="Artifact types"
          hint="Such as snapshot.manifest or report.*, separated by commas; * for all."
          required
          error={problemOf("artifact_types", types, "Name at least one type")}
        >
          <Input
            value={types}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTypes(event.target.value)}
          />
        </Field>
        <Field
          label="URL"
          hint="Is sent the artifact as JSON, and has 10 seconds to answer."
          required
          error={problemOf("url", url, "Enter the URL that is called")}
        >
          <Input
            type="url"
            inputMode="url"
            placeholder="https://…"
            value={url}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setUrl(event.target.value)}
          />
        </Field>
        <CheckboxField
          label="Enabled"
          description="A disabled one is not given the artifacts that are published meanwhile."
          checked={enabled}
          onCheckedChange={(checked) => setEnabled(checked === true)}
        />
        {error === undefined || refused.length > 0 ? null : <FormError error={error} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={creating.isLoading || updating.isLoading}>
          {processor === null ? "Register" : "Save"}
        </Button>
      </DialogFooter>
    </form>
  );
}
