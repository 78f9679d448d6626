"use client";
import { type FormEvent, type ReactNode, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import { CONFIG_LIMITS } from "@/lib/contracts/configurations";
import type { Evaluation } from "@/lib/contracts/evaluations";
import {
  useCreateEvaluationMutation,
  useListRecentVersionsQuery,
  useUpdateEvaluationMutation,
} from "@/store/configs-api";
import { useConfig } from "./config-context";
import { type EvaluationErrors, type EvaluationValues, readEvaluation } from "./evaluation-values";
import { VersionSelect } from "./version-select";

type EvaluationDialogProps = {
  /** One that is running, to be finished; absent: a new one. */
  evaluation?: Evaluation | undefined;
  trigger: ReactNode;
};

export function EvaluationDialog({ evaluation, trigger }: EvaluationDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      title={evaluation ? `Finish ${evaluation.name}` : "Add evaluation"}
      description="When it is completed, the event evaluation.completed is emitted, once."
    >
      <EvaluationForm evaluation={evaluation} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

const STATUSES = [
  { value: "completed", label: "Completed" },
  { value: "failed", label: "Failed" },
  { value: "running", label: "Still running" },
] as const;

/** Mounted anew each time the dialog opens. */
function EvaluationForm({ evaluation, onDone }: { evaluation: Evaluation | undefined; onDone: () => void }) {
  const { arg } = useConfig();
  const { data: versions = [] } = useListRecentVersionsQuery(arg);
  const [create, creating] = useCreateEvaluationMutation();
  const [update, updating] = useUpdateEvaluationMutation();
  const [tried, setTried] = useState(false);
  const [values, setValues] = useState<EvaluationValues>(() => valuesOf(evaluation));
  const set = (change: Partial<EvaluationValues>) => setValues((former) => ({ ...former, ...change }));
  const { errors, score, metrics } = readEvaluation(values);
  const shown: EvaluationErrors = tried ? errors : {};
  const refused = creating.error ?? updating.error;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length > 0) return;
    const { versionId, name, status, note } = values;
    const said = { status, metrics, note, ...(score !== undefined && { score }) };
    const { data } = evaluation
      ? await update({ ...arg, evaluationId: evaluation.id, body: said })
      : await create({ ...arg, body: { version_id: versionId, name, ...said } });
    if (!data) return;
    toast.success(`${data.name} was ${evaluation ? "changed" : "added"}`);
    onDone();
  };
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        {refused === undefined ? null : <FormError error={refused} />}
        {evaluation ? null : (
          <>
            <Field label="Version" error={shown.versionId} required>
              <VersionSelect
                versions={versions}
                value={values.versionId}
                onValueChange={(versionId) => set({ versionId })}
              />
            </Field>
            <Field label="What was evaluated" error={shown.name} required>
              <Input
                value={values.name}
                onChange={(event) => set({ name: event.target.value })}
                autoComplete="off"
                maxLength={100}
              />
            </Field>
          </>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Status">
            <Select
              value={values.status}
              onValueChange={(status) => set({ status: status as EvaluationValues["status"] })}
              options={STATUSES}
            />
          </Field>
          <Field label="Score" error={shown.score} required={values.status === "completed"}>
            <Input
              value={values.score}
              onChange={(event) => set({ score: event.target.value })}
              inputMode="decimal"
              autoComplete="off"
            />
          </Field>
        </div>
        <Field
          label="Metrics"
          hint="A name and a number per line, such as tokens_per_second 2140."
          error={shown.metrics}
          optional
        >
          <Textarea value={values.metrics} onChange={(event) => set({ metrics: event.target.value })} mono />
        </Field>
        <Field label="Note" optional>
          <Textarea
            value={values.note}
            onChange={(event) => set({ note: event.target.value })}
            maxLength={CONFIG_LIMITS.noteLength}
          />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={creating.isLoading || updating.isLoading}>
          {evaluation ? "Save" : "Add evaluation"}
        </Button>
      </DialogFooter>
    </form>
  );
}

function valuesOf(evaluation: Evaluation | undefined): EvaluationValues {
  return {
    versionId: evaluation?.version.id ?? "",
    name: evaluation?.name ?? "",
    status: "completed",
    score: evaluation?.score?.toString() ?? "",
    metrics: Object.entries(evaluation?.metrics ?? {})
      .map(([name, value]) => `${name} ${value}`)
      .join("\n"),
    note: evaluation?.note ?? "",
  };
}
