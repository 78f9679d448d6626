"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { LoadError } from "@/components/shell/load-error";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { type DeletionPreview, deleteMe } from "@/lib/contracts/profile";
import { useDeleteMeMutation, usePreviewDeletionQuery } from "@/store/profile-api";
import { FormError } from "./form-alert";
import { PasswordField } from "./password-field";
import { useRefusal } from "./use-refusal";

const FATES: Readonly<Record<DeletionPreview["projects"][number]["fate"], string>> = {
  left: "stays with its other owners",
  deleted: "is deleted with everything in it, since nobody else is in it",
  blocked: "keeps you from going, see above",
};

/** Says what would become of each project before anything is typed. */
export function DeleteAccountDialog() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button variant="danger">Delete account</Button>}
      title="Delete your account?"
      description="It cannot be undone. What you did in projects that stay keeps standing there."
    >
      <Contents onClose={() => setOpen(false)} />
    </Dialog>
  );
}

function Contents({ onClose }: { onClose: () => void }) {
  const { data, error, refetch, isFetching } = usePreviewDeletionQuery();
  if (data) return <DeleteForm preview={data} onClose={onClose} />;
  return (
    <DialogBody>
      {error ? (
        <LoadError error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <div role="status" aria-label="Loading what would become of your projects">
          <Skeleton className="h-24" />
        </div>
      )}
    </DialogBody>
  );
}

function DeleteForm({ preview, onClose }: { preview: DeletionPreview; onClose: () => void }) {
  const [remove] = useDeleteMeMutation();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(deleteMe.body),
    defaultValues: { email: "", ...(preview.has_password ? { current_password: "" } : {}) },
  });
  const { errors, isSubmitting } = formState;
  const { refusal, clear, refuse } = useRefusal(["email", "current_password"], setError);
  const submit = handleSubmit(async (body) => {
    clear();
    const { error } = await remove({ body });
    if (error) return refuse(error);
    // A full load: nothing of the account may stay on the screen or in the store.
    window.location.assign("/login");
  });
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody className="flex flex-col gap-4">
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        {preview.allowed ? null : (
          <Alert tone="caution" title="Not yet">
            <ul className="list-disc pl-4">
              {preview.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </Alert>
        )}
        {preview.projects.length === 0 ? null : (
          <ul className="list-disc pl-4 text-sm">
            {preview.projects.map(({ id, name, fate }) => (
              <li key={id}>
                <strong className="font-medium">{name}</strong> {FATES[fate]}
              </li>
            ))}
          </ul>
        )}
        {preview.allowed ? (
          <>
            <Field label="Your e-mail address, typed again" error={errors.email?.message} required>
              <Input {...register("email")} type="email" autoComplete="off" />
            </Field>
            {preview.has_password ? (
              <PasswordField
                label="Password"
                purpose="current"
                error={errors.current_password?.message}
                {...register("current_password")}
              />
            ) : null}
          </>
        ) : null}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{preview.allowed ? "Keep account" : "Close"}</Button>
        {preview.allowed ? (
          <Button type="submit" variant="danger" loading={isSubmitting}>
            Delete account
          </Button>
        ) : null}
      </DialogFooter>
    </form>
  );
}
