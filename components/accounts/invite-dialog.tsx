"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field, Fieldset } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Timestamp } from "@/components/ui/timestamp";
import { createInvitation } from "@/lib/contracts/accounts";
import type { ResponseOf } from "@/lib/contracts/operation";
import { ROLE_DESCRIPTIONS, ROLES, type Role } from "@/lib/contracts/permissions";
import { useCreateInvitationMutation } from "@/store/accounts-api";
import { type ApiError, isApiError } from "@/store/api-error";
import { FormError } from "./form-alert";
import { placeErrors } from "./place-errors";
import { grantableRoles } from "./role-rules";

/** "made": the link is on screen, once, and leaving has to be deliberate. */
export type InviteState = { open: boolean; made: boolean };

type InviteDialogProps = {
  state: InviteState;
  onChange: (state: InviteState) => void;
  /** The button that opens it and gets the focus back. */
  trigger: ReactNode;
};

/** Makes an invitation and shows its link once; no mail is sent. */
export function InviteDialog({ state, onChange, trigger }: InviteDialogProps) {
  const { project } = useProject();
  return (
    <Dialog
      trigger={trigger}
      open={state.open}
      // While it closes, what it shows stays as it is.
      onOpenChange={(open) => onChange(open ? { open, made: false } : { ...state, open })}
      dismissible={!state.made}
      title={state.made ? "Send this link" : "Invite somebody"}
      description={
        state.made
          ? "It is shown only now. Whoever has it can join, so send it to this person alone."
          : `You get a link to ${project.name} that you send yourself.`
      }
    >
      <Invite onMade={() => onChange({ open: true, made: true })} />
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens; when it closes, the link is gone from the store as well. */
function Invite({ onMade }: { onMade: () => void }) {
  const { project, can } = useProject();
  const [invite, { data: invitation }] = useCreateInvitationMutation();
  const [refusal, setRefusal] = useState<{ attempt: number; error: ApiError | undefined } | null>(null);
  const { control, register, handleSubmit, setError, setFocus, formState } = useForm({
    resolver: zodResolver(createInvitation.body),
    defaultValues: { email: "", role: "member" as Role },
    mode: "onTouched",
  });
  const { errors, isSubmitting } = formState;
  // Else the focus would start on the cross.
  useEffect(() => setFocus("email"), [setFocus]);
  const grantable = grantableRoles({ role: project.role, mayManage: can("members:manage") });

  const submit = handleSubmit(async (body) => {
    setRefusal(null);
    const { data, error } = await invite({ projectId: project.id, body });
    if (data) {
      onMade();
      return;
    }
    const refused = isApiError(error) ? error : undefined;
    // The address belongs to a member: that is about this field, although the state refuses it and not its form.
    if (refused?.problem?.code === "conflict") {
      setError("email", { type: "server", message: refused.problem.detail }, { shouldFocus: true });
      return;
    }
    if (placeErrors({ error, fields: ["email", "role"], setError })) return;
    setRefusal((last) => ({ attempt: (last?.attempt ?? 0) + 1, error: refused }));
  });

  if (invitation) return <NewLink invitation={invitation} />;
  return (
    <form onSubmit={submit} className="contents" noValidate>
      <DialogBody className="gap-5">
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        <Field
          label="E-mail"
          hint="Inviting the same address again replaces the older link."
          error={errors.email?.message}
          required
        >
          <Input {...register("email")} type="email" inputMode="email" autoComplete="off" autoCapitalize="none" />
        </Field>
        <Controller
          control={control}
          name="role"
          render={({ field }) => (
            <Fieldset legend="Role" error={errors.role?.message}>
              <RadioGroup value={field.value} onValueChange={field.onChange} onBlur={field.onBlur} aria-label="Role">
                {ROLES.map((role) => (
                  <RadioItem
                    card
                    key={role}
                    value={role}
                    label={role}
                    description={
                      grantable.includes(role)
                        ? ROLE_DESCRIPTIONS[role]
                        : `${ROLE_DESCRIPTIONS[role]}. Only owners can invite owners.`
                    }
                    disabled={!grantable.includes(role)}
                  />
                ))}
              </RadioGroup>
            </Fieldset>
          )}
        />
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          Create link
        </Button>
      </DialogFooter>
    </form>
  );
}

function NewLink({ invitation }: { invitation: ResponseOf<typeof createInvitation> }) {
  const frame = useRef<HTMLDivElement>(null);
  // The button that had the focus is gone with the form.
  useEffect(() => frame.current?.focus(), []);
  return (
    <>
      <DialogBody ref={frame} tabIndex={-1}>
        <CodeBlock
          code={invitation.link}
          label={`Invitation of ${invitation.email} as ${invitation.role}`}
          copyLabel="Copy the link"
          wrap
        />
        <p className="text-ink-muted text-sm">
          It works once, until <Timestamp value={invitation.expires_at} date="always" className="text-ink" />. Until
          then you can withdraw it.
        </p>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button variant="primary">I have copied it</Button>
        </DialogClose>
      </DialogFooter>
    </>
  );
}
