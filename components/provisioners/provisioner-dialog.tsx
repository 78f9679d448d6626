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
import {
  createProvisionerBody,
  PROVISIONER_LIMITS,
  type Provisioner,
  type ProvisionerWithSecret,
} from "@/lib/contracts/provisioners";
import { useCreateProvisionerMutation, useUpdateProvisionerMutation } from "@/store/provisioners-api";

type ProvisionerDialogProps =
  | { trigger: ReactNode; onCreated: (provisioner: ProvisionerWithSecret) => void }
  | { provisioner: Provisioner; open: boolean; onOpenChange: (open: boolean) => void };

/** Adds a provisioner, or changes one. */
export function ProvisionerDialog(props: ProvisionerDialogProps) {
  const [own, setOwn] = useState(false);
  const isNew = "trigger" in props;
  const setOpen = isNew ? setOwn : props.onOpenChange;
  return (
    <Dialog
      {...(isNew && { trigger: props.trigger })}
      open={isNew ? own : props.open}
      onOpenChange={setOpen}
      title={isNew ? "Add provisioner" : `Change ${props.provisioner.name}`}
      description={
        isNew
          ? "Its secret is made now and shown once; Dumont signs every call with it."
          : "Machines that run are asked about at the new URL from now on. The secret stays."
      }
    >
      {isNew ? (
        <NewProvisioner
          onDone={(created) => {
            setOpen(false);
            props.onCreated(created);
          }}
        />
      ) : (
        <ChangeProvisioner provisioner={props.provisioner} onDone={() => setOpen(false)} />
      )}
    </Dialog>
  );
}

const fields = createProvisionerBody.omit({ secret: true });

function useProvisionerForm(defaultValues: { name: string; url: string }) {
  const form = useForm({ resolver: zodResolver(fields), defaultValues, mode: "onTouched" });
  return { ...form, ...useRefusal(["name", "url"], form.setError) };
}

function NewProvisioner({ onDone }: { onDone: (created: ProvisionerWithSecret) => void }) {
  const [create, { reset }] = useCreateProvisionerMutation();
  const form = useProvisionerForm({ name: "", url: "" });
  const submit = form.handleSubmit(async (body) => {
    form.clear();
    const { data, error } = await create({ body });
    // The secret is not to stay in the store.
    reset();
    if (data) onDone(data);
    else form.refuse(error);
  });
  return <Form form={form} submit={submit} label="Add provisioner" />;
}

function ChangeProvisioner({ provisioner, onDone }: { provisioner: Provisioner; onDone: () => void }) {
  const [update] = useUpdateProvisionerMutation();
  const form = useProvisionerForm({ name: provisioner.name, url: provisioner.url });
  const submit = form.handleSubmit(async (body) => {
    form.clear();
    const { data, error } = await update({ provisionerId: provisioner.id, body });
    if (data) {
      toast.success(`${data.name} was changed`);
      onDone();
    } else form.refuse(error);
  });
  return <Form form={form} submit={submit} label="Save" />;
}

type FormProps = { form: ReturnType<typeof useProvisionerForm>; submit: () => Promise<void>; label: string };

function Form({ form: { register, refusal, formState }, submit, label }: FormProps) {
  const { errors, isSubmitting } = formState;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      className="contents"
      noValidate
    >
      <DialogBody>
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Field label="Name" hint="Such as the place or the team." error={errors.name?.message} required>
          <Input {...register("name")} autoComplete="off" maxLength={PROVISIONER_LIMITS.nameLength} />
        </Field>
        <Field
          label="URL"
          hint="An address in your own network has to be in EGRESS_ALLOW."
          error={errors.url?.message}
          required
        >
          <Input {...register("url")} type="url" inputMode="url" autoComplete="off" placeholder="https://" mono />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          {label}
        </Button>
      </DialogFooter>
    </form>
  );
}
