"use client";
import { type FormEvent, type ReactNode, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { slugSchema } from "@/lib/contracts/configurations";
import { fieldErrors } from "@/store/api-error";
import { useCreateVariantMutation, useListRecentVersionsQuery } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { VersionSelect } from "./version-select";

type NewVariantDialogProps = { trigger: ReactNode; onCreated: (name: string) => void };

export function NewVariantDialog({ trigger, onCreated }: NewVariantDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
      size="sm"
      title="New variant"
      description="A line of versions of its own, for example for smaller GPUs."
    >
      <NewVariantForm
        onDone={(name) => {
          setOpen(false);
          onCreated(name);
        }}
      />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function NewVariantForm({ onDone }: { onDone: (name: string) => void }) {
  const { arg } = useConfig();
  const { data: versions = [] } = useListRecentVersionsQuery(arg);
  const [create, { error, isLoading }] = useCreateVariantMutation();
  const [name, setName] = useState("");
  const [from, setFrom] = useState("");
  const [tried, setTried] = useState(false);
  const wrong = slugSchema.safeParse(name).error?.issues[0]?.message;
  const refused = fieldErrors(error);
  const nameError = refused.find(({ field }) => field === "name")?.message ?? (tried ? wrong : undefined);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setTried(true);
    if (wrong !== undefined) return;
    const origin = versions.find(({ id }) => id === from);
    const body = { name, ...(origin && { from: { variant: origin.variant, version: origin.version } }) };
    const { data } = await create({ ...arg, body });
    if (!data) return;
    toast.success(`The variant ${data.name} was created`);
    onDone(data.name);
  };
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        {error !== undefined && nameError === undefined ? <FormError error={error} /> : null}
        <Field label="Name" error={nameError} required>
          <Input
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            mono
          />
        </Field>
        {versions.length === 0 ? null : (
          <Field label="Begin with a copy of" hint="Without one it begins empty." optional>
            <VersionSelect versions={versions} value={from} onValueChange={setFrom} presentOnly />
          </Field>
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isLoading}>
          Create variant
        </Button>
      </DialogFooter>
    </form>
  );
}
