"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { Controller, useForm } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { GuardedButton } from "@/components/webhooks/guarded";
import { RECEIVER_LIMITS, type Receiver, updateReceiverBody } from "@/lib/contracts/receiver";
import { StatusPicker } from "./status-picker";
import type { ChangeReceiver } from "./use-change-receiver";

const schema = updateReceiverBody.pick({ status: true, delay_ms: true }).required();

type AnswerFormProps = { receiver: Receiver; change: ChangeReceiver; blocked: string | undefined };

/** The answer to every request: its status, and how long it is held back. */
export function AnswerForm({ receiver: { status, delay_ms }, change, blocked }: AnswerFormProps) {
  const disabled = blocked !== undefined;
  const { control, register, handleSubmit, reset, setError, formState } = useForm({
    resolver: zodResolver(schema),
    values: { status, delay_ms },
    // The counting down of failures brings the settings anew; what is being typed must survive it.
    resetOptions: { keepDirtyValues: true },
  });
  const submit = handleSubmit(async (body) => {
    const saved = await change(body, (field, message) => {
      if (field === "status" || field === "delay_ms") setError(field, { message });
    });
    if (saved) reset({ status: saved.status, delay_ms: saved.delay_ms });
  });
  const { errors, isDirty, isSubmitting } = formState;
  return (
    <form onSubmit={submit} noValidate className="flex min-w-0 flex-col gap-3">
      <h3 className="font-medium text-ink text-sm">Every request</h3>
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_8rem]">
        <Field label="Answer status" error={errors.status?.message}>
          <Controller
            control={control}
            name="status"
            render={({ field: { value, onChange } }) => (
              <StatusPicker value={value} onChange={onChange} disabled={disabled} />
            )}
          />
        </Field>
        <Field label="Delay in ms" error={errors.delay_ms?.message}>
          <Input
            {...register("delay_ms", { valueAsNumber: true })}
            type="number"
            inputMode="numeric"
            min={0}
            max={RECEIVER_LIMITS.longestDelayMs}
            disabled={disabled}
          />
        </Field>
      </div>
      <p className="text-ink-muted text-xs">
        A delivery waits 10,000 ms for an answer; a longer delay makes it time out.
      </p>
      <div>
        <GuardedButton
          blocked={blocked}
          type="submit"
          variant="primary"
          loading={isSubmitting}
          disabled={!disabled && !isDirty}
        >
          Save answer
        </GuardedButton>
      </div>
    </form>
  );
}
