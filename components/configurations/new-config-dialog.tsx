"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { type ReactNode, useId, useState } from "react";
import { useForm } from "react-hook-form";
import { FormError } from "@/components/accounts/form-alert";
import { useRefusal } from "@/components/accounts/use-refusal";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { createConfigurationBody, FIRST_VARIANT } from "@/lib/contracts/configurations";
import { useCreateConfigurationMutation, useListApplicationsQuery } from "@/store/configs-api";
import { editorHref } from "./links";

export function NewConfigDialog({ trigger }: { trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      title="New configuration"
      description="Reservations name it, so its name stays. You write its first version next."
    >
      <NewConfigForm />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function NewConfigForm() {
  const { project } = useProject();
  const router = useRouter();
  const { data: applications } = useListApplicationsQuery({ projectId: project.id });
  const [create] = useCreateConfigurationMutation();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(createConfigurationBody),
    defaultValues: { name: "", application: "", description: "" },
    mode: "onTouched",
  });
  const { errors, isSubmitting } = formState;
  const { refusal, clear, refuse } = useRefusal(["name", "application", "description"], setError);
  const listId = useId();
  const submit = handleSubmit(async (body) => {
    clear();
    const { data, error } = await create({ projectId: project.id, body });
    if (data) router.push(editorHref(data.id, { variant: FIRST_VARIANT }));
    else refuse(error);
  });
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Field label="Name" hint="For example llm-serving." error={errors.name?.message} required>
          <Input {...register("name")} autoComplete="off" autoCapitalize="none" spellCheck={false} mono />
        </Field>
        <Field
          label="Application"
          hint="What your team builds with it. A new name makes a new application."
          error={errors.application?.message}
          required
        >
          <Input {...register("application")} autoComplete="off" list={listId} />
        </Field>
        <datalist id={listId}>
          {applications?.map(({ id, name }) => (
            <option key={id} value={name} />
          ))}
        </datalist>
        <Field label="Description" error={errors.description?.message} optional>
          <Input {...register("description")} autoComplete="off" />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Create configuration
        </Button>
      </DialogFooter>
    </form>
  );
}
