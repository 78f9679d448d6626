"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { z } from "zod";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { GuardedButton } from "@/components/webhooks/guarded";
import { RECEIVER_LIMITS, type Receiver, updateReceiverBody } from "@/lib/contracts/receiver";
import { StatusPicker } from "./status-picker";
import type { ChangeReceiver } from "./use-change-receiver";

const COUNT_RANGE = `A whole number from 1 to ${RECEIVER_LIMITS.failNext}`;
const schema = updateReceiverBody
  .pick({ fail_status: true })
  .required()
  .extend({ fail_next: z.int(COUNT_RANGE).min(1, COUNT_RANGE).max(RECEIVER_LIMITS.failNext, COUNT_RANGE) });

type FailureFormProps = { receiver: Receiver; change: ChangeReceiver; blocked: string | undefined };

/** A number of requests that fail before the usual answer returns: for watching retries. */
export function FailureForm({ receiver, change, blocked }: FailureFormProps) {
  const disabled = blocked !== undefined;
  const [stopping, setStopping] = useState(false);
  const { control, register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(schema),
    // How many are left is told beside the form; here stands what the next press asks for.
    defaultValues: { fail_next: 2, fail_status: receiver.fail_status },
  });
  const submit = handleSubmit(async (body) => {
    await change(body, (field, message) => {
      if (field === "fail_next" || field === "fail_status") setError(field, { message });
    });
  });
  const stop = async () => {
    setStopping(true);
    await change({ fail_next: 0 });
    setStopping(false);
  };
  const { errors, isSubmitting } = formState;
  return (
    <form onSubmit={submit} noValidate className="flex min-w-0 flex-col gap-3">
      <h3 className="font-medium text-ink text-sm">The next requests only</h3>
      <div className="grid gap-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
        <Field label="Fail the next" error={errors.fail_next?.message}>
          <Input
            {...register("fail_next", { valueAsNumber: true })}
            type="number"
            inputMode="numeric"
            min={1}
            max={RECEIVER_LIMITS.failNext}
            disabled={disabled}
          />
        </Field>
        <Field label="With status" error={errors.fail_status?.message}>
          <Controller
            control={control}
            name="fail_status"
            render={({ field: { value, onChange } }) => (
              <StatusPicker value={value} onChange={onChange} disabled={disabled} />
            )}
          />
        </Field>
      </div>
      <p className="text-ink-muted text-xs">Counted down by each request; then the usual answer returns.</p>
      <div className="flex flex-wrap gap-2">
        <GuardedButton blocked={blocked} type="submit" loading={isSubmitting}>
          Start failing
        </GuardedButton>
        {receiver.fail_next > 0 ? (
          <GuardedButton blocked={blocked} onClick={stop} loading={stopping}>
            Stop failing
          </GuardedButton>
        ) : null}
      </div>
    </form>
  );
}
