"use client";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { parseCredits } from "@/components/credits/amount";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { COST_PERIODS, type CostPeriod } from "@/lib/contracts/costs";
import { describeError } from "@/store/api-error";
import { useCreateCostThresholdMutation } from "@/store/costs-api";
import { PERIOD_HINTS, PERIOD_WORDS } from "./words";

/** Sets an amount at which the project is told of its cost. */
export function ThresholdDialog({ mayManage }: { mayManage: boolean }) {
  const [open, setOpen] = useState(false);
  const label = (
    <>
      <Plus aria-hidden="true" />
      Add threshold
    </>
  );
  if (!mayManage) {
    return (
      <GuardedButton size="sm" blocked="Only owners and admins set thresholds.">
        {label}
      </GuardedButton>
    );
  }
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button size="sm">{label}</Button>}
      title="Add a threshold"
      description="The event cost.threshold is sent once per period, as soon as its cost reaches the amount."
    >
      <ThresholdForm onDone={() => setOpen(false)} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function ThresholdForm({ onDone }: { onDone: () => void }) {
  const { project } = useProject();
  const [amount, setAmount] = useState("");
  const [period, setPeriod] = useState<CostPeriod>("month");
  const [mistake, setMistake] = useState<string>();
  const [create, creating] = useCreateCostThresholdMutation();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (creating.isLoading) return;
    const micros = parseCredits(amount);
    setMistake(micros === null ? "Enter more than 0 as a number such as 500 or 12.5." : undefined);
    if (micros === null) return;
    const { data } = await create({ projectId: project.id, body: { amount_micros: micros, period } });
    if (!data) return;
    toast.success("Threshold added");
    onDone();
  };
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody>
        {creating.error === undefined ? null : (
          <Alert tone="danger" live title={describeError(creating.error).title}>
            {describeError(creating.error).detail}
          </Alert>
        )}
        <Field label="Credits" error={mistake} required>
          <Input
            inputMode="decimal"
            autoComplete="off"
            value={amount}
            onChange={(event) => setAmount(event.target.value)}
          />
        </Field>
        <Field label="Within a" hint={PERIOD_HINTS[period]}>
          <Select
            options={COST_PERIODS.map((value) => ({ value, label: PERIOD_WORDS[value] }))}
            value={period}
            onValueChange={(value) => setPeriod(COST_PERIODS.find((known) => known === value) ?? "month")}
          />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={creating.isLoading}>
          Add threshold
        </Button>
      </DialogFooter>
    </form>
  );
}
