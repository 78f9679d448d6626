"use client";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { ConfigVersionDetail } from "@/lib/contracts/config-versions";
import { CONFIG_LIMITS } from "@/lib/contracts/configurations";
import { useCommitVersionMutation } from "@/store/configs-api";
import { useConfig } from "./config-context";
import type { Draft } from "./draft";
import { DraftDiff } from "./draft-diff";
import { versionWords } from "./words";

type CommitDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  variant: string;
  draft: Draft;
  head: ConfigVersionDetail | null;
  onCommitted: (version: number) => void;
  /** Somebody else was first. */
  onConflict: () => void;
};

/** What is about to be committed, against what is there, and why. */
export function CommitDialog({ open, onOpenChange, ...form }: CommitDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="xl"
      fillsPhone
      title={`Commit ${form.variant} ${form.draft.base + 1}`}
      description="A version is kept as it is for ever."
    >
      <CommitForm {...form} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function CommitForm({
  variant,
  draft,
  head,
  onCommitted,
  onConflict,
}: Omit<CommitDialogProps, "open" | "onOpenChange">) {
  const { arg } = useConfig();
  const [commit, { error, isLoading }] = useCommitVersionMutation();
  const [message, setMessage] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { source, format, base } = draft;
    const { data, error: refused } = await commit({
      ...arg,
      variant,
      body: { source, format, message, base_version: base },
    });
    if (data) {
      toast.success(`${versionWords(data)} was committed`);
      onCommitted(data.version);
    } else if (refused && "problem" in refused && refused.problem?.code === "version_conflict") onConflict();
  };
  return (
    <form onSubmit={submit} className="contents">
      <DialogBody>
        {error === undefined ? null : <FormError error={error} />}
        <Field label="Message" hint="What changed and why; whoever reads the history sees it." optional>
          <Input
            value={message}
            onChange={(event) => setMessage(event.target.value)}
            autoComplete="off"
            maxLength={CONFIG_LIMITS.messageLength}
          />
        </Field>
        <DraftDiff draft={draft} head={head} />
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isLoading}>
          Commit
        </Button>
      </DialogFooter>
    </form>
  );
}
