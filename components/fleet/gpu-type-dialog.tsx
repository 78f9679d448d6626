"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useRefusal } from "@/components/accounts/use-refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { GpuType } from "@/lib/contracts/fleet";
import { createGpuTypeBody } from "@/lib/contracts/fleet-admin";
import { useCreateGpuTypeMutation, useUpdateGpuTypeMutation } from "@/store/fleet-api";

type GpuTypeDialogProps = {
  /** Absent: a new one. */
  type?: GpuType;
  trigger: ReactNode;
};

export function GpuTypeDialog({ type, trigger }: GpuTypeDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      size="sm"
      title={type ? `Change ${type.name}` : "Add GPU type"}
      description={type ? "The new name shows wherever the type does." : "For example “H100 SXM” with 80 GB."}
    >
      <TypeForm type={type} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function TypeForm({ type, onDone }: { type: GpuType | undefined; onDone: () => void }) {
  const [create] = useCreateGpuTypeMutation();
  const [update] = useUpdateGpuTypeMutation();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(createGpuTypeBody),
    defaultValues: { name: type?.name ?? "", memory_gb: type?.memory_gb ?? 80 },
    mode: "onTouched",
  });
  const { errors, isSubmitting } = formState;
  const { refusal, clear, refuse } = useRefusal(["name", "memory_gb"], setError);
  const submit = handleSubmit(async (body) => {
    clear();
    const { data, error } = await (type ? update({ gpuTypeId: type.id, body }) : create({ body }));
    if (data) {
      toast.success(type ? `${data.name} was changed` : `${data.name} was added`);
      onDone();
      return;
    }
    refuse(error);
  });
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Field label="Name" error={errors.name?.message} required>
          <Input {...register("name")} autoComplete="off" />
        </Field>
        <Field label="Memory of one GPU, in GB" error={errors.memory_gb?.message} required>
          <Input {...register("memory_gb", { valueAsNumber: true })} inputMode="numeric" autoComplete="off" />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          {type ? "Save" : "Add GPU type"}
        </Button>
      </DialogFooter>
    </form>
  );
}
