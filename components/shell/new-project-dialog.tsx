"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { createProject } from "@/lib/contracts/accounts";
import { useCreateProjectMutation } from "@/store/accounts-api";
import { describeError, fieldErrors } from "@/store/api-error";

type NewProjectDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Called with the id of the new project. */
  onCreated: (projectId: string) => void;
};

export function NewProjectDialog({ open, onOpenChange, onCreated }: NewProjectDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="sm"
      title="New project"
      description="A project has its own webhooks, events, API keys and members. You become its owner."
    >
      <NewProjectForm
        onCreated={(projectId) => {
          onOpenChange(false);
          onCreated(projectId);
        }}
      />
    </Dialog>
  );
}

function NewProjectForm({ onCreated }: Pick<NewProjectDialogProps, "onCreated">) {
  const [create, { isLoading, error }] = useCreateProjectMutation();
  const [name, setName] = useState("");
  const [refused, setRefused] = useState<string>();
  const message = refused ?? errorText(error);
  const field = useRef<HTMLInputElement>(null);
  // Else the focus would start on the cross. Not before the dialog holds the focus, as the menu that opened it gives the
  // focus away once more when it closes.
  useEffect(() => {
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = createProject.body.safeParse({ name });
    setRefused(body.error?.issues[0]?.message);
    if (!body.success) return;
    const { data } = await create({ body: body.data });
    if (data) onCreated(data.id);
  };

  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody>
        <Field label="Name" error={message} required>
          <Input
            ref={field}
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={100}
            autoComplete="off"
          />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isLoading}>
          Create project
        </Button>
      </DialogFooter>
    </form>
  );
}

function errorText(error: Parameters<typeof describeError>[0]): string | undefined {
  if (!error) return undefined;
  return fieldErrors(error).find(({ field }) => field === "name")?.message ?? describeError(error).detail;
}
