"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { type ReactNode, useEffect, useRef } from "react";
import { Controller, useForm } from "react-hook-form";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { type ApiKeyWithSecret, createApiKeyBody } from "@/lib/contracts/api-keys";
import type { Scope } from "@/lib/contracts/permissions";
import { useCreateApiKeyMutation } from "@/store/api-keys-api";
import { emitLine } from "./emit-line";
import { FormError } from "./form-alert";
import { ScopeFields } from "./scope-fields";
import { presetScopes } from "./scopes";
import { useRefusal } from "./use-refusal";

/** "made": the key is on screen, once, and leaving has to be deliberate. */
export type CreateKeyState = { open: boolean; made: boolean };

type CreateKeyDialogProps = {
  state: CreateKeyState;
  onChange: (state: CreateKeyState) => void;
  /** The button that opens it and gets the focus back. */
  trigger: ReactNode;
};

/** Makes an API key and shows it once, with a first command to try it. */
export function CreateKeyDialog({ state, onChange, trigger }: CreateKeyDialogProps) {
  return (
    <Dialog
      trigger={trigger}
      open={state.open}
      // While it closes, what it shows stays as it is.
      onOpenChange={(open) => onChange(open ? { open, made: false } : { ...state, open })}
      dismissible={!state.made}
      size="lg"
      title={state.made ? "Copy your API key" : "Create an API key"}
      description={
        state.made
          ? "This is the only time it is shown: Dumont keeps a hash of it, not the key."
          : "A program sends it to emit events or to call the API in this project."
      }
    >
      <CreateKey onMade={() => onChange({ open: true, made: true })} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens; when it closes, the key is gone from the store as well. */
function CreateKey({ onMade }: { onMade: () => void }) {
  const { project, user } = useProject();
  const givable: Scope[] = user.isAdmin ? [...project.permissions, "admin"] : project.permissions;
  const [create, { data: key }] = useCreateApiKeyMutation();
  const { control, register, handleSubmit, setError, setFocus, formState } = useForm({
    resolver: zodResolver(createApiKeyBody),
    defaultValues: { name: "", scopes: presetScopes("emit", givable) },
    mode: "onTouched",
  });
  const { errors, isSubmitting } = formState;
  // Else the focus would start on the cross.
  useEffect(() => setFocus("name"), [setFocus]);

  const { refusal, clear, refuse } = useRefusal(["name", "scopes"], setError);
  const submit = handleSubmit(async (body) => {
    clear();
    const { data, error } = await create({ projectId: project.id, body });
    if (data) {
      onMade();
      return;
    }
    refuse(error);
  });

  if (key) return <NewKey apiKey={key} />;
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody className="gap-5">
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Field
          label="Name"
          hint="What will use it, so that you know later which key to revoke."
          error={errors.name?.message}
          required
        >
          <Input {...register("name")} autoComplete="off" maxLength={100} />
        </Field>
        <Controller
          control={control}
          name="scopes"
          render={({ field }) => (
            <ScopeFields
              permissions={givable}
              value={field.value}
              onChange={field.onChange}
              error={errors.scopes?.message}
            />
          )}
        />
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Create key
        </Button>
      </DialogFooter>
    </form>
  );
}

function NewKey({ apiKey }: { apiKey: ApiKeyWithSecret }) {
  const frame = useRef<HTMLDivElement>(null);
  // The button that had the focus is gone with the form.
  useEffect(() => frame.current?.focus(), []);
  return (
    <>
      <DialogBody ref={frame} tabIndex={-1}>
        <CodeBlock code={apiKey.key} label={`API key “${apiKey.name}”`} copyLabel="Copy the API key" wrap />
        {apiKey.scopes.includes("events:write") ? (
          <div className="flex flex-col gap-2">
            <p className="text-ink-muted text-sm">
              Try it: this emits <code className="font-mono text-ink text-xs">instance.started</code> into the project,
              and its deliveries appear in the log within a second.
            </p>
            <CodeBlock
              code={emitLine({ origin: window.location.origin, key: apiKey.key })}
              label="Emit a first event"
              copyLabel="Copy the command"
            />
          </div>
        ) : (
          <Alert>It may not emit events. Send it as “Authorization: Bearer …” with calls to the API.</Alert>
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button variant="primary">I have copied it</Button>
        </DialogClose>
      </DialogFooter>
    </>
  );
}
