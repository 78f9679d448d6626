"use client";
import { AlertDialog } from "radix-ui";
import { type FormEvent, type ReactNode, useState } from "react";
import { Alert } from "./alert";
import { Button } from "./button";
import { cn } from "./cn";
import { definedState, dialogPanelClass, overlayClass } from "./dialog";
import { Field } from "./field";
import { Input } from "./input";
import { useReturnFocus } from "./use-return-focus";

export type ConfirmDialogProps = {
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  trigger?: ReactNode | undefined;
  title: ReactNode;
  /** The consequence in plain words. */
  description: ReactNode;
  /** The verb of the action ("Delete webhook"), never "OK". */
  confirmLabel: string;
  cancelLabel?: string | undefined;
  tone?: "danger" | "primary" | undefined;
  /** When given, this text must be typed before the action can be taken. */
  typeToConfirm?: string | undefined;
  /** May be asynchronous: the dialog waits, closes on success and shows the error otherwise. */
  onConfirm: () => unknown;
  /** Words for what onConfirm threw; by default the message of an Error. */
  describeError?: ((error: unknown) => ReactNode) | undefined;
  /** More to read or choose before confirming. */
  children?: ReactNode | undefined;
};

/** Asks before something that is hard to undo. The focus starts on "Cancel"; a press outside does nothing. */
export function ConfirmDialog({ trigger, open: given, onOpenChange, ...content }: ConfirmDialogProps) {
  const [own, setOwn] = useState(false);
  const [pending, setPending] = useState(false);
  const focus = useReturnFocus(trigger !== undefined);
  const open = given ?? own;
  const setOpen = (next: boolean) => {
    if (pending && !next) return;
    setOwn(next);
    onOpenChange?.(next);
  };
  const close = () => {
    setPending(false);
    setOwn(false);
    onOpenChange?.(false);
  };
  return (
    <AlertDialog.Root {...definedState({ open, onOpenChange: setOpen })}>
      {trigger === undefined ? null : <AlertDialog.Trigger asChild>{trigger}</AlertDialog.Trigger>}
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayClass} />
        <AlertDialog.Content {...focus} className={cn(dialogPanelClass, "sm:max-w-md")}>
          <ConfirmForm {...content} pending={pending} setPending={setPending} onDone={close} />
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

type ConfirmFormProps = Omit<ConfirmDialogProps, "open" | "onOpenChange" | "trigger"> & {
  pending: boolean;
  setPending: (pending: boolean) => void;
  onDone: () => void;
};

/** Mounted anew each time the dialog opens, so that typed text and errors start empty. */
function ConfirmForm({
  title,
  description,
  confirmLabel,
  cancelLabel = "Cancel",
  tone = "danger",
  typeToConfirm,
  ...rest
}: ConfirmFormProps) {
  const { onConfirm, describeError = messageOf, children, pending, setPending, onDone } = rest;
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<ReactNode>(null);
  const ready = typeToConfirm === undefined || typed.trim() === typeToConfirm;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // A dialog inside another form must not submit that one: React events bubble through portals.
    event.stopPropagation();
    if (!ready || pending) return;
    setError(null);
    setPending(true);
    try {
      await onConfirm();
      onDone();
    } catch (thrown) {
      setError(describeError(thrown));
      setPending(false);
    }
  };
  return (
    <form onSubmit={submit} className="contents">
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-5 pt-4 pb-5">
        <div>
          <AlertDialog.Title className="font-semibold text-base text-ink">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-1 text-ink-muted text-sm">{description}</div>
          </AlertDialog.Description>
        </div>
        {children}
        {typeToConfirm === undefined ? null : (
          <Field
            label={
              <>
                Type{" "}
                <span className="select-text rounded bg-surface-sunken px-1 font-mono text-xs">{typeToConfirm}</span> to
                confirm
              </>
            }
          >
            <Input
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              mono
            />
          </Field>
        )}
        {error === null ? null : (
          <Alert tone="danger" live>
            {error}
          </Alert>
        )}
      </div>
      <div className="flex flex-col-reverse gap-2 border-line border-t px-5 py-3 sm:flex-row sm:justify-end">
        <AlertDialog.Cancel asChild>
          <Button disabled={pending}>{cancelLabel}</Button>
        </AlertDialog.Cancel>
        <Button type="submit" variant={tone} loading={pending} disabled={!ready}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : "That did not work. Try again.";
}
