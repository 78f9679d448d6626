"use client";
import { type ReactNode, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import { nameOf } from "@/components/webhooks/words";
import type { EventVerdict } from "@/lib/contracts/verdicts";
import { describeError, isApiError } from "@/store/api-error";
import { useSendEventMutation } from "@/store/events-api";
import { sendConsequence, sendWord } from "./verdict-words";

export type Send = {
  /** Asks first, then sends the event to these webhooks. */
  send: (verdicts: readonly EventVerdict[]) => void;
  /** To be rendered somewhere. */
  dialog: ReactNode;
};

/** "Send anyway" and "Send again". It says "queued"; what came of it is told by the verdicts themselves. */
export function useSend(eventId: string, onSent: () => void): Send {
  const { project } = useProject();
  const [mutate] = useSendEventMutation();
  const [asked, setAsked] = useState<readonly EventVerdict[]>([]);
  const [open, setOpen] = useState(false);
  const [first] = asked;
  const one = asked.length === 1 && first !== undefined ? first : null;
  const title = one === null ? `Send to ${asked.length} webhooks?` : `${sendWord(one)} to ${nameOf(one.webhook)}?`;

  const confirm = async () => {
    const { deliveries } = await mutate({
      projectId: project.id,
      eventId,
      webhookIds: asked.map(({ webhook }) => webhook.id),
    }).unwrap();
    onSent();
    toast.info("Queued", {
      id: `send-${eventId}`,
      description: `${deliveries.length === 1 ? "The attempt starts" : `${deliveries.length} attempts start`} in a moment.`,
    });
  };
  const dialog = (
    <ConfirmDialog
      open={open}
      onOpenChange={setOpen}
      title={title}
      description={sendConsequence(asked).join(" ")}
      confirmLabel={one === null ? `Send to ${asked.length}` : sendWord(one)}
      tone="primary"
      onConfirm={confirm}
      describeError={errorWords}
    />
  );
  const send = (verdicts: readonly EventVerdict[]) => {
    setAsked(verdicts);
    setOpen(true);
  };
  return { send, dialog };
}

function errorWords(error: unknown): string {
  const { title, detail, requestId } = describeError(isApiError(error) ? error : undefined);
  return `${title}. ${detail}${requestId === null ? "" : ` (Request ${requestId})`}`;
}
