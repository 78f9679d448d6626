"use client";
import { type FormEvent, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SAVED_VIEW_LIMITS } from "@/lib/contracts/saved-views";
import { describeError, fieldErrors, isApiError } from "@/store/api-error";

export type ViewDialogProps = {
  title: string;
  description: string;
  name: string;
  submitLabel: string;
  /** Throws what the API answered. */
  onSubmit: (name: string) => Promise<unknown>;
  onClose: () => void;
};

/** Asks for a view's name. */
export function ViewDialog({ title, description, name: given, submitLabel, onSubmit, onClose }: ViewDialogProps) {
  const [name, setName] = useState(given);
  const [error, setError] = useState<{ field: string; general: string }>({ field: "", general: "" });
  const [pending, setPending] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (pending) return;
    if (name.trim() === "") return setError({ field: "Give the view a name.", general: "" });
    setPending(true);
    try {
      await onSubmit(name.trim());
      onClose();
    } catch (thrown) {
      const problem = isApiError(thrown) ? thrown : undefined;
      const field = fieldErrors(problem).find((wrong) => wrong.field === "name")?.message ?? "";
      const { title: what, detail, requestId } = describeError(problem);
      const general = `${what}. ${detail}${requestId === null ? "" : ` (Request ${requestId})`}`;
      setError({ field, general: field === "" ? general : "" });
      setPending(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      size="sm"
      title={title}
      description={description}
    >
      <form onSubmit={submit} className="contents" noValidate>
        <DialogBody>
          <Field label="Name" error={error.field}>
            <Input
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                setError({ field: "", general: "" });
              }}
              maxLength={SAVED_VIEW_LIMITS.name}
              placeholder="Failed at Acme, last 24 hours"
              autoComplete="off"
            />
          </Field>
          {error.general === "" ? null : (
            <Alert tone="danger" live>
              {error.general}
            </Alert>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={pending}>
            {submitLabel}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
