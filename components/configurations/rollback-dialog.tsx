"use client";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import { CONFIG_LIMITS } from "@/lib/contracts/configurations";
import type { Deployment } from "@/lib/contracts/deployments";
import { usePreviewRollBackQuery, useRollBackMutation } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { diffWords, valueWords, versionWords } from "./words";

/** Fields that are named; the rest is counted. */
const MOST_FIELDS = 6;

type RollBackDialogProps = { deployment: Deployment; blocked: string | undefined };

/** Asks before an earlier deployment is put into force again. */
export function RollBackDialog({ deployment, blocked }: RollBackDialogProps) {
  const { arg } = useConfig();
  const [open, setOpen] = useState(false);
  const [message, setMessage] = useState("");
  const [rollBack] = useRollBackMutation();
  const target = { ...arg, deploymentId: deployment.id };
  const preview = usePreviewRollBackQuery(target, { skip: !open });
  const plan = preview.currentData;
  const words = versionWords(deployment.version);
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <GuardedButton
          size="sm"
          variant="ghost"
          blocked={blocked}
          aria-label={`Roll back ${deployment.environment} to deployment ${deployment.number}`}
        >
          <Undo2 aria-hidden="true" />
          Roll back
        </GuardedButton>
      }
      title={`Roll ${deployment.environment} back to ${words}?`}
      description={`A new deployment puts ${words}, which deployment ${deployment.number} had put into force, into force again. What runs already is not touched.`}
      confirmLabel="Roll back"
      tone="primary"
      onConfirm={async () => {
        const done = await rollBack({
          ...target,
          body: { message, ...(plan && { base_number: plan.number - 1 }) },
        }).unwrap();
        toast.success(`${versionWords(done.version)} is in force in ${done.environment} again`);
      }}
      describeError={errorWords}
    >
      {plan ? (
        <div className="flex flex-col gap-1 rounded-lg border border-line p-3 text-sm">
          <p>
            In force now: {plan.current ? versionWords(plan.current.version) : "nothing"}. {diffWords(plan)}
          </p>
          <ul className="font-mono text-xs">
            {plan.changes.slice(0, MOST_FIELDS).map(({ field, from, to }) => (
              <li key={field} className="[overflow-wrap:anywhere]">
                {field === "start_script" ? field : `${field}: ${valueWords(from)} → ${valueWords(to)}`}
              </li>
            ))}
          </ul>
          {plan.changes.length > MOST_FIELDS ? (
            <p className="text-ink-muted text-xs">and {plan.changes.length - MOST_FIELDS} more fields</p>
          ) : null}
        </div>
      ) : preview.error ? (
        <LoadError error={preview.error} onRetry={() => void preview.refetch()} retrying={preview.isFetching} />
      ) : (
        <SkeletonRows rows={2} label="Comparing with what is in force" />
      )}
      <Field label="Message" optional>
        <Input
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          autoComplete="off"
          maxLength={CONFIG_LIMITS.messageLength}
        />
      </Field>
    </ConfirmDialog>
  );
}
